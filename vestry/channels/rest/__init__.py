"""The way in for machines: `/api/v1`."""
