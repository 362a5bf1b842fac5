"""The select of time zones is drawn once; it is the one Django would draw."""

import re

import pytest
from django import forms

from portal.accounts.fields import ZoneField
from portal.accounts.zones import zone_choices


class Two(forms.Form):
    kept = ZoneField()
    fresh = forms.ChoiceField(choices=zone_choices)


@pytest.mark.parametrize("zone", ["America/New_York", "America/Denver", "Europe/Berlin", "Nowhere", 'x"> selected', ""])
@pytest.mark.parametrize("sent", [True, False])
def test_it_is_what_django_draws(zone: str, sent: bool) -> None:
    values = {"kept": zone, "fresh": zone}
    form = Two(values) if sent else Two(initial=values)
    kept, fresh = (re.sub(r"\s+", "", str(form[name])).replace(name, "") for name in values)
    assert kept == fresh
    assert kept.count("selected") == (1 if "/" in zone else 0)
