"""What every BERT here shares, whatever it is fine-tuned for: base, checkpoints, rates of learning, export to int8."""
