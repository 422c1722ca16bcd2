"""What a service is, as data: its language, how it is read, checked and written down as a schema."""
