"""A group of a program that 42 CFR part 2 protects: who marks it, and where the law's notice stands."""

import io
import zipfile
from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client

from groups.membership.actions import edit_group
from groups.membership.forms import GroupForm
from groups.membership.models import Group, State
from groups.part_two import REDISCLOSURE
from portal.accounts import copies
from portal.accounts.models import User
from portal.audit import AuditEntry
from portal.errors import NotAllowed
from tests import cast
from tests.cast import NOW
from tests.groups.membership.test_setting_up import as_it_is, details

Browser = Callable[[User], Client]


def copy_of(person: User) -> dict[str, str]:
    copy = copies.ask_for_copy(person, at=NOW)
    copies.make_copy(copy.public_id, at=NOW)
    whole = b"".join(map(copies.read_piece, copies.fetch_copy(person, copy.public_id, at=NOW)))
    with zipfile.ZipFile(io.BytesIO(whole)) as archive:
        return {name: archive.read(name).decode() for name in archive.namelist()}


def marked(group: Group) -> Group:
    Group.objects.filter(pk=group.pk).update(part_two=True)
    return group


def test_an_admin_marks_a_group_on_its_page_and_that_is_written_down(
    eve: User, harbor: Group, signed_in: Browser
) -> None:
    browser = signed_in(eve)
    address = f"/groups/{harbor.public_id}/settings/"
    assert 'name="part_two"' in browser.get(address).content.decode()
    form = GroupForm.values_of(harbor, "What is said here stays here.") | {"part_two": "on"}
    form.pop("pictures")
    assert browser.post(address, form).status_code == 302
    harbor.refresh_from_db()
    assert harbor.part_two
    assert AuditEntry.objects.filter(verb="group.changed").get().facts == {"changed": ["part_two"]}
    assert "checked" in browser.get(address).content.decode().split('name="part_two"')[1].split(">")[0]


def test_who_facilitates_it_does_not(amina: User, ben: User, harbor: Group) -> None:
    for person in (amina, ben):
        with pytest.raises(NotAllowed):
            edit_group(person, harbor.public_id, details=details(part_two=True), at=NOW)
    harbor.refresh_from_db()
    assert not harbor.part_two


def test_a_copy_of_a_members_data_carries_the_notice_to_people_and_to_programs(harbor: Group, ben: User) -> None:
    marked(harbor)
    given = copy_of(ben)
    assert REDISCLOSURE in given["my-data.html"]
    assert REDISCLOSURE in given["my-data.json"]
    assert "Agreements you accepted" in given["my-data.html"]  # the record of consent


def test_who_left_still_gets_it_and_who_was_never_in_does_not(harbor: Group, ben: User, sam: User, carla: User) -> None:
    other = marked(cast.group("Morning Light"))
    cast.stay(other, ben, state=State.LEFT)
    cast.stay(other, sam, state=State.ASKED)
    assert REDISCLOSURE in copy_of(ben)["my-data.html"]
    for person in (sam, carla):
        assert all(REDISCLOSURE not in text for text in copy_of(person).values())


def test_no_other_page_tells_which_groups_are_marked(harbor: Group, ben: User, sam: User, signed_in: Browser) -> None:
    """Being of such a program would say what people are treated for."""
    browsers = [
        (signed_in(who), address) for who in (ben, sam) for address in ("/groups/", f"/groups/{harbor.public_id}/")
    ]
    before = [without_tokens(browser.get(address)) for browser, address in browsers]
    marked(harbor)
    assert [without_tokens(browser.get(address)) for browser, address in browsers] == before


def without_tokens(answer) -> list[str]:
    lines = answer.content.decode().splitlines()
    return [line for line in lines if "csrfmiddlewaretoken" not in line]


def test_saving_the_page_again_keeps_the_mark(eve: User, harbor: Group) -> None:
    edit_group(eve, harbor.public_id, details=replace(as_it_is(harbor), part_two=True), at=NOW)
    harbor.refresh_from_db()
    assert GroupForm.values_of(harbor, "")["part_two"] is True
