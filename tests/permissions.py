"""The permission matrix as data: every route and every socket operation, and what each kind of person gets.

`tests/test_permissions.py` walks it. A route or an operation without a row here fails the suite.

Answers: "ok" (the page, a redirect onwards, a form with errors, or a refusal in words), "login" (sent to sign in),
"gate" (sent to the page that says where the account stands), 403 and 404. A row is written as the answer most people
get, and then who gets another one.
"""

from dataclasses import dataclass, field

Answer = str | int

WHO = (
    "visitor",
    "deactivated",
    "invited",
    "waiting",
    "paused_account",
    "patient",
    "asking",
    "paused",
    "former",
    "removed",
    "banned",
    "member",
    "muted",
    "facilitator",
    "other_facilitator",
    "admin",
    "reading_admin",
)
NOT_IN = {"visitor": "login", "deactivated": "login", "invited": "login", "waiting": "gate", "paused_account": "gate"}


@dataclass(frozen=True)
class Row:
    """What one method of one route answers to everybody. `ids` rename a parameter of the address, `data` is posted."""

    most: Answer
    others: dict[str, Answer]
    ids: dict[str, str] = field(default_factory=dict)
    data: dict[str, str] = field(default_factory=dict)

    def answer(self, who: str) -> Answer:
        if who == "reading_admin" and who not in self.others:  # an admin like the others, who may read here as well
            return self.answer("admin")
        return self.others.get(who, self.most)


def everybody(**values) -> Row:
    """Open to visitors, too."""
    return Row("ok", {}, **values)


def signed_in(**values) -> Row:
    """Anybody with an account that may sign in, whatever its standing."""
    return Row("ok", {"visitor": "login", "deactivated": "login", "invited": "login"}, **values)


def approved(**values) -> Row:
    """Every approved person."""
    return Row("ok", NOT_IN, **values)


def members(*, ids=None, data=None, **other: Answer) -> Row:
    """The group's members and facilitators. Others get the same 404 as for a group that does not exist."""
    ours: dict[str, Answer] = {"member": "ok", "muted": "ok", "facilitator": "ok", "admin": 403}
    return Row(404, NOT_IN | ours | other, ids or {}, data or {})


def readers(**more) -> Row:
    """Who may read in the group: its people, and an admin who has opened it for a stated reason."""
    return members(reading_admin="ok", **more)


def facilitators(admin: Answer = 403, **values) -> Row:
    """The group's facilitators. Members are told that they may not; others are told nothing."""
    return Row(404, NOT_IN | {"member": 403, "muted": 403, "facilitator": "ok", "admin": admin}, **values)


def staff(**values) -> Row:
    """Facilitators of any group, and admins."""
    return Row(404, NOT_IN | {"facilitator": "ok", "other_facilitator": "ok", "admin": "ok"}, **values)


def admins(**values) -> Row:
    """Admins. For others the page does not exist."""
    return Row(404, NOT_IN | {"admin": "ok"}, **values)


def _all_of_allauth(*names: str, public: bool) -> dict[str, dict[str, Row]]:
    row = everybody if public else signed_in
    return {name: {"GET": row(), "POST": row()} for name in names}


WORKSHOP = {"kit", "outbox"}  # routed only in the demo and in development, and open to everybody there
REQUEST = {"membership_id": "request_id"}
LOOKS = {"theme": "dark", "size": "large", "spacing": "roomy", "motion": "reduced"}
LOOKS |= {"enter": "sends", "announce": "off", "undo": "on", "typing": "on", "presence": "on"}

NOBODYS = Row(
    404, {"visitor": "login", "deactivated": "login", "invited": "login"}
)  # one's own are tried in tests/portal/accounts/factors

ROUTES: dict[str, dict[str, Row]] = {
    # The site
    "home": {"GET": everybody()},
    "help": {"GET": everybody()},
    "privacy": {"GET": everybody()},
    "offline": {"GET": everybody()},
    "livez": {"GET": everybody()},
    "readyz": {"GET": everybody()},
    # The entrance: allauth's own pages
    **_all_of_allauth(
        "account_login",
        "account_signup",
        "account_logout",
        "account_request_login_code",
        "account_confirm_login_code",
        "account_inactive",
        "account_reset_password",
        "account_complete_password_reset",
        "account_password_reset_completed",
        public=True,
    ),
    **_all_of_allauth(
        "account_reauthenticate",
        "account_email",
        "account_change_password",
        "account_set_password",
        public=False,
    ),
    # Steps of a journey that nobody here has begun: they lead back to its beginning
    "account_email_verification_sent": {"GET": signed_in(), "POST": signed_in()},
    "account_confirm_password_reset_code": {"GET": Row("login", {}), "POST": Row("login", {})},
    # Accounts
    "accounts:waiting": {"GET": signed_in()},
    "accounts:me": {"GET": signed_in(), "POST": signed_in()},
    "accounts:confirm": {"GET": signed_in(), "POST": signed_in(data={"way": "password", "password": "a guess"})},
    "accounts:go_on": {"GET": signed_in()},
    # Second factors. The ones of this person who is nobody's are absent for everybody
    "mfa_authenticate": {"GET": signed_in(), "POST": signed_in()},  # nobody is half in
    "factors:sign_in": {"POST": Row("ok", {"visitor": "login", "deactivated": "login", "invited": "login"})},
    "factors:challenge": {"POST": everybody()},
    "factors:challenge_to_make": {"POST": signed_in()},
    "factors:security": {"GET": signed_in()},
    "factors:app": {"GET": signed_in(), "POST": signed_in()},
    "factors:passkey": {"GET": signed_in(), "POST": signed_in()},
    "factors:name": {"GET": NOBODYS, "POST": NOBODYS},
    "factors:removal": {"GET": NOBODYS, "POST": NOBODYS},
    "factors:no_thanks": {"POST": signed_in()},
    "factors:codes": {"GET": signed_in(), "POST": signed_in()},
    "accounts:pause": {
        "GET": approved(),
        "POST": Row("login", {"waiting": "gate", "paused_account": "gate"}),
    },  # out at once
    "accounts:comeback": {"POST": signed_in()},
    "accounts:close": {"GET": signed_in(), "POST": signed_in()},
    "accounts:my_data": {"GET": signed_in(), "POST": signed_in()},
    "accounts:copy": {
        "GET": Row(404, {"visitor": "login", "deactivated": "login", "invited": "login"})
    },  # nobody's, or another's
    "accounts:session": {"GET": signed_in(), "POST": signed_in()},
    "accounts:devices": {"GET": signed_in()},
    "accounts:ending": {
        "POST": Row(404, {"visitor": "login", "deactivated": "login", "invited": "login"})
    },  # nobody's, or another's
    "accounts:other_endings": {"POST": signed_in()},
    "preferences:preferences": {"GET": everybody(), "POST": everybody(data=LOOKS)},
    "accounts:invitation": {"GET": Row(404, {}), "POST": Row(404, {})},  # a token nobody was given
    "accounts:address_undo": {"GET": Row(404, {}), "POST": Row(404, {})},  # a token nobody was given
    "accounts:people": {"GET": admins(), "POST": admins()},
    "accounts:invite": {"GET": admins(), "POST": admins()},
    "accounts:invitation_mail": {"POST": admins()},
    "accounts:invitation_revocation": {"POST": admins()},
    "accounts:person": {"GET": admins()},
    "accounts:session_endings": {"POST": admins()},
    "accounts:approval": {"POST": admins()},
    "accounts:role": {"POST": admins(data={"role": "facilitator", "reason": "trained"})},
    "accounts:second_factors": {"POST": admins(data={"reason": "lost the phone"})},
    "accounts:deactivation": {"POST": admins(data={"reason": "left the clinic"})},
    "accounts:return": {"POST": admins()},
    "accounts:audit": {"GET": admins()},
    # Groups
    "membership:groups": {"GET": approved()},
    "membership:new_group": {"GET": admins(), "POST": admins()},
    "membership:group": {"GET": approved()},
    "membership:ask": {"POST": approved()},
    "membership:leave": {
        "GET": members(paused="ok", asking="ok"),
        "POST": members(paused="ok", asking="ok"),
    },
    "membership:agreement": {
        "GET": approved(),
        "POST": members(asking="ok", paused="ok", data={"version": "1", "accepted": "on"}),
    },
    "membership:settings": {
        "GET": Row(404, NOT_IN | {"member": 403, "muted": 403, "facilitator": 403, "admin": "ok"}),
        "POST": Row(404, NOT_IN | {"member": 403, "muted": 403, "facilitator": 403, "admin": "ok"}),
    },
    "membership:people": {"GET": members(admin="ok")},
    "membership:add": {
        "GET": Row(404, NOT_IN | {"member": 403, "muted": 403, "facilitator": 403, "admin": "ok"}),
        "POST": Row(404, NOT_IN | {"member": 403, "muted": 403, "facilitator": 403, "admin": "ok"}),
    },
    "membership:remove": {"GET": facilitators(admin="ok"), "POST": facilitators(admin="ok")},
    "membership:role": {
        "GET": Row(404, NOT_IN | {"member": 403, "muted": 403, "facilitator": 403, "admin": "ok"}),
        "POST": Row(404, NOT_IN | {"member": 403, "muted": 403, "facilitator": 403, "admin": "ok"}),
    },
    "membership:request": {"GET": facilitators(admin="ok", ids=REQUEST)},
    "membership:approve": {"POST": facilitators(admin="ok", ids=REQUEST)},
    "membership:decline": {"POST": facilitators(admin="ok", ids=REQUEST, data={"words": "Not now."})},
    # Sessions
    "schedule:mine": {"GET": approved()},
    "schedule:sessions": {"GET": readers()},
    "schedule:new_series": {"GET": facilitators(), "POST": facilitators()},
    "schedule:end_series": {"GET": facilitators(), "POST": facilitators()},
    "schedule:session": {"GET": readers()},
    "schedule:answer": {"POST": members(data={"reply": "yes"})},
    "schedule:details": {"GET": facilitators(), "POST": facilitators()},
    "schedule:cancel": {"GET": facilitators(), "POST": facilitators(data={"why": "ill"})},
    # Resources
    "resources:library": {"GET": approved(), "POST": approved()},
    "resources:new_for_all": {"GET": admins(), "POST": admins()},
    "resources:post": {"GET": readers()},
    "resources:posts": {"GET": readers(), "POST": readers()},
    "resources:new": {"GET": facilitators(), "POST": facilitators()},
    "resources:edit": {"GET": facilitators(), "POST": facilitators()},
    "resources:pin": {"POST": facilitators()},
    "resources:withdraw": {"GET": facilitators(), "POST": facilitators()},
    # Moderation
    "openings:opening": {
        "GET": Row(404, NOT_IN | {"member": 403, "muted": 403, "facilitator": 403, "admin": "ok"}),
        "POST": Row(404, NOT_IN | {"member": 403, "muted": 403, "facilitator": 403, "admin": "ok"}),
    },
    "openings:closing": {
        "POST": Row(404, NOT_IN | {"member": 403, "muted": 403, "facilitator": 403, "admin": "ok"}),
    },
    "moderation:queue": {"GET": staff()},
    "moderation:report": {"GET": members(), "POST": members(data={"why": "other"})},
    "moderation:case": {"GET": facilitators()},
    "moderation:decide": {"POST": facilitators(data={"outcome": "no_action"})},
    "moderation:mute": {"GET": facilitators(), "POST": facilitators(data={"minutes": "60", "reason": "calm down"})},
    "moderation:unmute": {"POST": facilitators()},
    "moderation:hide": {"GET": facilitators(), "POST": facilitators(data={"reason": "private details"})},
    "moderation:show": {"GET": facilitators(), "POST": facilitators(data={"reason": "a mistake"})},
    "moderation:blocks": {"GET": approved()},
    "moderation:block": {"GET": members(admin=404), "POST": members(admin=404)},
    "moderation:unblock": {"POST": approved()},
    # Chat
    "chat:room": {"GET": readers()},
    "chat:back": {"GET": Row(404, NOT_IN | {"facilitator": "ok"})},
    "chat:older": {"GET": readers()},
    "chat:unread": {"POST": readers()},
    "chat:read": {"POST": readers(data={"seq": "1"})},
    "chat:quiet": {"POST": readers(data={"on": "on"})},
    "chat:find": {"GET": readers(), "POST": readers(data={"words": "hello"})},
    "chat:day": {"GET": readers()},
    "chat:rules": {"GET": facilitators(), "POST": facilitators(data={"state": "open", "slow_seconds": "10"})},
    "chat:here": {"GET": facilitators(), "POST": facilitators(data={"until": "23:59"})},
    "chat:people": {"GET": readers()},
    "chat:message": {"GET": readers()},
    "chat:picture": {"GET": readers()},
    "chat:reactions": {"POST": members(muted=403, data={"put": "hope"})},
    "chat:pin": {"POST": facilitators(data={"on": "on"})},
    "chat:words": {  # of somebody else's message
        "GET": readers(),
        "POST": members(member=403, muted=403, facilitator=403, data={"body": "other words"}),
    },
    "chat:removal": {"POST": members(member=403, muted=403, facilitator=403)},
    "chat:send": {
        "GET": readers(),
        "POST": members(muted=403, data={"body": "hello", "key": "5ee8f1a8-7c55-4d9a-9a9e-0e8d6a1f0001"}),
    },
}

# Socket operations on the group's room. Who may not open a socket at all gets its close code; who may, but is not in
# the room, hears what a room that does not exist would answer; a muted member is refused in words.
SHUT: dict[str, Answer] = {
    "visitor": 4401,
    "deactivated": 4403,
    "invited": 4403,
    "waiting": 4403,
    "paused_account": 4403,
}


def in_room(*, muted: Answer = "ok", admin: Answer = "not_found", reading: Answer = "ok") -> Row:
    """The room's people. Admins are no exception: the chat is not theirs to write, nor to read without opening it."""
    ours: dict[str, Answer] = {"member": "ok", "muted": muted, "facilitator": "ok", "admin": admin}
    return Row("not_found", SHUT | ours | {"reading_admin": reading})


OPERATIONS: dict[str, Row] = {
    "hello": in_room(),
    "since": in_room(),
    "send": in_room(muted="muted", admin="not_allowed", reading="not_allowed"),
    "edit": in_room(muted="muted", admin="not_allowed", reading="not_yours"),
    "remove": in_room(admin="not_allowed", reading="not_yours"),
    "react": in_room(muted="muted", admin="not_allowed", reading="not_allowed"),
    "read": in_room(),
    "unread": in_room(),
    "typing": in_room(),
    "beat": Row("ok", SHUT),
}
