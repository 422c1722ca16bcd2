"""The desk: where officers find cases and see them through."""
