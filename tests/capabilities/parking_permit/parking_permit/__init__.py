"""A numbered parking space for somebody who lives near it."""
