"""What an admin reads in the last column of the audit log."""

import pytest

from portal.accounts.words import fact


@pytest.mark.parametrize(
    ("key", "value", "read"),
    [
        ("minutes", 10080, "for 7 days"),
        ("minutes", 60, "for 1 hour"),
        ("minutes", 90, "for 90 minutes"),
        ("why", "hurtful", "reported as hurtful"),
        ("kind", "message", "about a message"),
        ("role", "facilitator", "as facilitator"),
        ("pinned", True, "pinned"),
        ("sessions_ended", 1, "1 device signed out"),
        ("sessions_ended", 3, "3 devices signed out"),
        ("changed", ["capacity", "join_rule"], "changed: capacity, join rule"),
        ("outcome", "not found", "outcome: not found"),
    ],
)
def test_a_fact_is_read_as_words(key, value, read):
    assert fact(key, value) == read
