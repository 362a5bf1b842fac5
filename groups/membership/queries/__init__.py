"""What pages need, already fetched."""

from groups.membership.queries.groups import GroupsPage, all_sites, groups_page, open_requests
from groups.membership.queries.one_group import GroupPage, group_page
from groups.membership.queries.people import PeoplePage, addable, people_page, requests_for

__all__ = [
    "GroupPage",
    "GroupsPage",
    "PeoplePage",
    "addable",
    "all_sites",
    "group_page",
    "groups_page",
    "open_requests",
    "people_page",
    "requests_for",
]
