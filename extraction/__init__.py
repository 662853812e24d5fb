"""Text → mentions, relations, places."""
