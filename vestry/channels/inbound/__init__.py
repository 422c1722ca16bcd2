"""The way in for receipts and call-backs: what others tell us of their own accord."""
