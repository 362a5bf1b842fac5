"""Making and changing groups, from everybody's side."""

from dataclasses import replace

import pytest

from chat.models import Room
from groups.membership.actions import create_group, edit_group
from groups.membership.actions.setting_up import NoPlace, TooFewPlaces
from groups.membership.details import GroupDetails
from groups.membership.models import Agreement, Cohort, Group, JoinRule, Site, Status
from portal.errors import NotAllowed, NotFound
from tests import cast
from tests.cast import NOW


def details(**values) -> GroupDetails:
    whole = {
        "name": "Evening Light",
        "purpose": "For people who work in the day.",
        "focus": "Working life",
        "place": "Columbus",
        "address": "3 Mill Street",
        "capacity": 8,
        "join_rule": JoinRule.ASK,
        "cohort": Cohort.OPEN,
        "status": Status.OPEN,
        "agreement": "What is said here stays here.",
    }
    return GroupDetails(**(whole | values))


def as_it_is(group: Group) -> GroupDetails:
    return details(
        name=group.name,
        purpose=group.purpose,
        focus=group.focus,
        site_id=group.site_id,
        capacity=group.capacity,
        join_rule=group.join_rule,
        cohort=group.cohort,
        status=group.status,
    )


def test_an_admin_makes_a_group_with_its_agreement_and_room(eve, newest_entry):
    group = create_group(eve, details=details(), at=NOW)

    assert (group.name, group.site.name, group.site.address) == ("Evening Light", "Columbus", "3 Mill Street")
    agreement = Agreement.objects.get(group=group)
    assert (agreement.version, agreement.text) == (1, "What is said here stays here.")
    assert Room.objects.filter(group=group).exists()
    entry = newest_entry()
    assert (entry.verb, entry.actor, entry.target_id) == ("group.created", eve, str(group.public_id))


def test_a_known_place_is_used_again(eve):
    site = cast.site()
    assert create_group(eve, details=details(site_id=site.pk), at=NOW).site == site
    assert create_group(eve, details=details(place=site.name), at=NOW).site == site
    assert Site.objects.count() == 1


def test_a_group_meets_somewhere(eve):
    with pytest.raises(NoPlace):
        create_group(eve, details=details(place=""), at=NOW)
    with pytest.raises(NoPlace):
        create_group(eve, details=details(site_id=0), at=NOW)


def test_only_admins_make_groups(amina, ben, sam, waiting):
    for person in (amina, ben, sam, waiting):
        with pytest.raises(NotFound):
            create_group(person, details=details(), at=NOW)


def test_an_admin_changes_a_group(eve, harbor, newest_entry):
    version = harbor.room.membership_version
    edit_group(eve, harbor.public_id, details=replace(as_it_is(harbor), name="Calm Harbor", capacity=6), at=NOW)

    harbor.refresh_from_db()
    assert (harbor.name, harbor.capacity) == ("Calm Harbor", 6)
    entry = newest_entry()
    assert (entry.verb, entry.facts) == ("group.changed", {"changed": ["name", "capacity"]})
    harbor.room.refresh_from_db()
    assert harbor.room.membership_version == version


def test_a_new_status_reaches_the_room(eve, harbor):
    version = harbor.room.membership_version
    edit_group(eve, harbor.public_id, details=replace(as_it_is(harbor), status=Status.ARCHIVED), at=NOW)
    harbor.room.refresh_from_db()
    assert harbor.room.membership_version == version + 1


def test_a_new_text_is_a_new_version(eve, harbor, newest_entry):
    edit_group(eve, harbor.public_id, details=replace(as_it_is(harbor), agreement="Be kind."), at=NOW)

    texts = list(harbor.agreements.order_by("version").values_list("version", "text"))
    assert texts == [(1, "What is said here stays here."), (2, "Be kind.")]
    assert newest_entry().facts == {"changed": ["agreement"]}


def test_changing_nothing_writes_nothing(eve, harbor):
    from portal.audit import AuditEntry

    edit_group(eve, harbor.public_id, details=as_it_is(harbor), at=NOW)
    assert harbor.agreements.count() == 1
    assert not AuditEntry.objects.exists()


def test_places_are_not_taken_from_under_people(eve, ben, carla, harbor, fill):
    fill(harbor)
    with pytest.raises(TooFewPlaces):
        edit_group(eve, harbor.public_id, details=replace(as_it_is(harbor), capacity=7), at=NOW)


def test_others_do_not_change_groups(amina, ben, sam, dora, harbor):
    for person in (amina, ben):
        with pytest.raises(NotAllowed):
            edit_group(person, harbor.public_id, details=as_it_is(harbor), at=NOW)
    for stranger in (sam, dora):
        with pytest.raises(NotFound):
            edit_group(stranger, harbor.public_id, details=as_it_is(harbor), at=NOW)
