"""The demo city: data only, all reports synthetic."""
