"""Why the council does what it does: the picture, its sentences, and changing them."""
