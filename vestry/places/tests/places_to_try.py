"""A small gazetteer to try things on."""

from datetime import date, time

from vestry.places import api

ON_HIGH_STREET = {"town": "Harrow Mere", "ward": "mere", "round": "monday"}
HIGH_STREET = [
    api.AddressView(
        uprn="100000000010", line="10 High Street, Harrow Mere", postcode="HM1 2AB", **ON_HIGH_STREET
    ),
    api.AddressView(
        uprn="100000000002", line="2 High Street, Harrow Mere", postcode="hm12ab", **ON_HIGH_STREET
    ),
]
MILL_LANE = api.AddressView(
    uprn="000000000042", line="Flat 1, The Mill, Mill Lane, Harrow Mere", postcode="HM1 3CD", ward="hill"
)


def put_gazetteer():
    api.put_wards({"mere": "Mere", "hill": "Hill"})
    api.put_addresses([*HIGH_STREET, MILL_LANE])
    bins = {"schedule": "bins", "slug": "monday", "over": time(16, 30), "first": date(2026, 11, 2)}
    api.put_rounds([api.Round(kind="refuse", weeks=2, **bins), api.Round(kind="food", weeks=1, **bins)])
