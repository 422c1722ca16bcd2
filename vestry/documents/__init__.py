"""Files people give us: what they really are, whether they can be trusted, and where they end."""
