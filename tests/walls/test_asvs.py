"""The table of ASVS items in docs/security.md is in step with the tests it names."""

import re

from tests.walls import asvs


def test_every_test_that_the_table_names_is_there():
    there = asvs.where_tests_are()
    assert [(item.number, name) for item in asvs.items() for name in item.tests if name not in there] == []


def test_every_test_that_the_page_names_is_there():
    named = set(re.findall(r"`(test_\w+)`", asvs.PAGE.read_text()))
    assert len(named) > 100
    assert named - set(asvs.where_tests_are()) == set()


def test_every_item_is_held_by_a_test_or_has_a_reason():
    assert [item.number for item in asvs.items() if not item.tests and not item.reason] == []


def test_every_mark_is_an_item_of_the_table():
    assert set(asvs.marked()) <= {item.number for item in asvs.items()}
    assert len(asvs.marked()) > 20


def test_no_item_is_named_twice():
    numbers = [item.number for item in asvs.items()]
    assert sorted(set(numbers)) == sorted(numbers)


def test_the_page_shows_the_table_as_it_is():
    """If this fails: python -m tests.walls.asvs"""
    assert asvs.PAGE.read_text() == asvs.page()
