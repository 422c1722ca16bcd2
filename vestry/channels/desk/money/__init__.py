"""Money at the desk: what was paid, what goes back, what has to be seen to, and the days."""
