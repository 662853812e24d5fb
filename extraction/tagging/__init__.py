"""The trained model of mentions: a BERT with a tag for each token, learnt from marked messages, served as int8 ONNX."""
