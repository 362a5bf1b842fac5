"""Time zones to choose from: the clinic's own first, then those of the country, then the rest of the world."""

from functools import cache
from zoneinfo import available_timezones

from django.conf import settings

NEARBY = {
    "America/New_York": "Eastern time (New York)",
    "America/Chicago": "Central time (Chicago)",
    "America/Denver": "Mountain time (Denver)",
    "America/Phoenix": "Mountain time, no summer time (Phoenix)",
    "America/Los_Angeles": "Pacific time (Los Angeles)",
    "America/Anchorage": "Alaska time (Anchorage)",
    "Pacific/Honolulu": "Hawaii time (Honolulu)",
}
_PARTS = ("Africa/", "America/", "Asia/", "Atlantic/", "Australia/", "Europe/", "Indian/", "Pacific/")

# Second names that some zones still have.
_OLD_NAMES = frozenset(
    f"{part}/{name}"
    for part, names in {
        "America": "Argentina/ComodRivadavia Atka Buenos_Aires Catamarca Cordoba Ensenada Fort_Wayne Indianapolis Jujuy"
        " Knox_IN Louisville Mendoza Porto_Acre Rosario Santa_Isabel Shiprock Virgin",
        "Asia": "Ashkhabad Calcutta Chungking Dacca Istanbul Katmandu Macao Rangoon Saigon Thimbu"
        " Ujung_Pandang Ulan_Bator",
        "Australia": "ACT Canberra LHI NSW North Queensland South Tasmania Victoria West Yancowinna",
        "Pacific": "Johnston Ponape Samoa Truk Yap",
    }.items()
    for name in names.split()
)

Choices = list[tuple[str, str | list[tuple[str, str]]]]


def zone_choices() -> Choices:
    """For a select. The first one is the clinic's."""
    return _choices(settings.CLINIC_TIME_ZONE)


@cache  # the system's zones are read from many files
def _choices(clinic: str) -> Choices:
    nearby = [(key, words) for key, words in NEARBY.items() if key != clinic]
    known = {key for key in available_timezones() if key.startswith(_PARTS)}
    rest = sorted(known - _OLD_NAMES - NEARBY.keys() - {clinic})
    return [
        (clinic, NEARBY.get(clinic, _in_words(clinic))),
        ("Near us", nearby),
        ("Elsewhere", [(key, _in_words(key)) for key in rest]),
    ]


def _in_words(key: str) -> str:
    return key.replace("_", " ").replace("/", ", ")
