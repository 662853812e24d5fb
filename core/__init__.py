"""The shared vocabulary; imports nothing of ours."""
