"""Ways to train beyond plain fine-tuning, each usable by itself; `compare` sets them side by side. Needs the extra [train]."""
