"""Tell people: who should hear what, by which means, and proof that it went."""
