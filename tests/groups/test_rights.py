"""Reading many people's rights at once says exactly what the door says of each."""

import pytest

from groups.access import Can, actor_in
from groups.rights import NONE, rights
from portal.errors import NotFound
from tests import world


@pytest.mark.django_db
def test_the_bulk_read_agrees_with_the_door_for_every_kind_of_person(now):
    made = world.build()
    group = made.people["member"].memberships.get().group
    found = rights([(person.pk, group.pk) for person in made.people.values()], at=now)

    for name, person in made.people.items():
        mine = found[person.pk, group.pk]
        try:
            actor = actor_in(group, person, at=now)
        except NotFound:
            assert mine == NONE, name
            continue
        # What everybody may do with a public card is no matter of rights in the group.
        open_to_all = {Can.SEE_CARD, Can.ASK}
        assert {need for need in Can if mine.can(need)} - open_to_all == set(actor.capabilities) - open_to_all, name
        assert mine.muted_until == actor.muted_until, name


@pytest.mark.django_db
def test_many_people_cost_one_statement(now, harbor, amina, ben, carla, sam, django_assert_num_queries):
    pairs = [(person.pk, harbor.pk) for person in (amina, ben, carla, sam)]
    with django_assert_num_queries(1):
        assert len(rights(pairs, at=now)) == 4
    with django_assert_num_queries(0):
        assert rights([], at=now) == {}
