"""How good the extraction is: on marked messages, on delivery addresses, and in placing them in the city."""
