"""Files others publish: can be plugged into the port ``book.feeds``."""

from vestry.outbound.feeds.https import Https

__all__ = ["Https"]
