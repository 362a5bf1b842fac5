"""What people do with groups and with their stays in them. Each opens its own door and transaction."""

from groups.membership.actions.asking import accept_agreement, approve, ask_to_join, decline
from groups.membership.actions.looking import note_people_seen
from groups.membership.actions.setting_up import create_group, edit_group
from groups.membership.actions.staying import add_person, ban_member, change_role, leave, remove_member

__all__ = [
    "accept_agreement",
    "add_person",
    "approve",
    "ask_to_join",
    "ban_member",
    "change_role",
    "create_group",
    "decline",
    "edit_group",
    "leave",
    "note_people_seen",
    "remove_member",
]
