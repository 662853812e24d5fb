"""Text → category, with confidence and abstention.

Serving needs `predict` alone. `finetune`, `network`, `export` and `train` need the extra [train]; `baseline` needs scikit-learn.
"""

from classifier.predict import OnnxClassifier

__all__ = ["OnnxClassifier"]
