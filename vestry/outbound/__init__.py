"""Ways out of the house: one folder an adapter. The only place that talks to the world."""
