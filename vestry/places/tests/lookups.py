"""A lookup that knows what it is told, and one that cannot be reached."""

from vestry.places.ports import Unreachable


class FakeLookup:
    """Knows these addresses, of any council or none."""

    def __init__(self, *addresses):
        self.known = addresses

    def at_postcode(self, postcode):
        return [one for one in self.known if one.postcode == postcode]

    def by_uprn(self, uprn):
        return next((one for one in self.known if one.uprn == uprn), None)


class FailingLookup:
    """Cannot be reached."""

    def at_postcode(self, postcode):
        raise Unreachable

    def by_uprn(self, uprn):
        raise Unreachable
