"""A council as data: its people, places, strategy and services, in a folder."""
