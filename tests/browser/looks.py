"""Every page of the demo, with the people who see it differently: the one list of pages that the tests walk through,
`bin/pictures` photographs and `bin/bench pages` measures.

Needs Django and a filled database; who stands outside the portal's own processes asks `tests.browser.walk`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

PATIENT, FACILITATOR, ADMIN = "juniper@example.org", "rosa@example.org", "pat@example.org"
CO_FACILITATOR = "imani@example.org"  # of another group, where a message is hidden and a person is muted
MUTED, NEWCOMER, IN_LINE = "oakley@example.com", "figgy@example.com", "tulip@example.org"
DISTANT = "nettle@example.com"  # who has blocked somebody of their group
WAITING, PAUSED = "okra@example.org", "harbor@example.com"


@dataclass(frozen=True)
class Look:
    """One page as one person sees it. An empty e-mail address is a visitor's."""

    page: str  # the route's name, and then what is special about this look
    role: str
    email: str
    path: str
    main: bool = False  # measured by bin/bench pages
    status: int = 200

    @property
    def route(self) -> str:
        return self.page.split()[0]

    @property
    def name(self) -> str:
        return f"{self.page} {self.role}"


def looks() -> Iterator[Look]:
    """All of them: visitors first, then patients, facilitators, admins, and people at the edge."""
    yield from _visitor(eyes("visitor", ""))
    yield from _patient(eyes("patient", PATIENT))
    yield from _facilitator(eyes("facilitator", FACILITATOR))
    yield from _keeper_of_the_peace(eyes("facilitator", CO_FACILITATOR))
    yield from _admin(eyes("admin", ADMIN))
    yield from _at_the_edge()


def eyes(role: str, email: str) -> Callable[..., Look]:
    """What turns a page and the rows in its address into a look of this person."""
    from django.urls import reverse

    def see(page: str, *rows: Any, **how: Any) -> Look:
        args = [getattr(row, "public_id", row) for row in rows]
        return Look(page, role, email, reverse(page.split()[0], args=args), **how)

    return see


def _visitor(see: Callable[..., Look]) -> Iterator[Look]:
    for page in ("home", "account_login", "help"):
        yield see(page, main=True)
    for page in ("account_signup", "account_request_login_code", "account_reset_password", "account_inactive"):
        yield see(page)
    for page in ("account_password_reset_completed", "privacy", "offline", "preferences:preferences", "kit", "outbox"):
        yield see(page)
    yield see("accounts:invitation", "no-such-token", status=404)
    yield see("accounts:address_undo", "no-such-token", status=404)
    yield Look("account_login over", "visitor", "", "/account/login/?next=/me/&over")
    yield Look("nowhere", "visitor", "", "/nowhere/", status=404)


def _patient(see: Callable[..., Look]) -> Iterator[Look]:
    from chat.models import Message, MessageState
    from groups.models import Group, Post, Session

    group = _groups_of(PATIENT)[0]
    foreign = Group.objects.listed().exclude(memberships__user__email=PATIENT).order_by("pk")[0]
    sessions = Session.objects.filter(group=group).order_by("starts_at")
    said = Message.objects.filter(room__group=group, state=MessageState.SHOWN).exclude(author__email=PATIENT)
    for page in ("home", "membership:groups", "schedule:mine", "resources:library", "accounts:me"):
        yield see(page, main=True)
    for page in ("membership:group", "chat:room", "schedule:sessions", "resources:posts", "membership:people"):
        yield see(page, group, main=True)
    yield see("schedule:session", sessions.reverse()[0], main=True)
    yield see("schedule:session over", sessions[0])
    yield see("resources:post", Post.objects.published().filter(group=None).order_by("pk")[0], main=True)
    yield see("membership:group stranger", foreign)
    yield see("membership:agreement", group)
    yield see("membership:leave", group)
    yield see("moderation:report", "message", said.order_by("-seq")[0])
    yield see("chat:message", group.room, said.exclude(reactions=None).order_by("-seq")[0])
    for page in ("account_email", "account_change_password", "accounts:confirm", "account_logout"):
        yield see(page)
    for page in ("help", "preferences:preferences", "factors:security", "factors:app"):
        yield see(page)
    for page in (
        "help",
        "preferences:preferences",
        "accounts:devices",
        "accounts:session",
        "accounts:my_data",
        "accounts:pause",
        "accounts:close",
    ):
        yield see(page)
    yield see("resources:new refused", group, status=403)
    yield see("moderation:blocks")
    yield see("moderation:block", said.order_by("-seq")[0].author)
    yield see("chat:find", group.room)
    yield see("chat:room stranger", foreign, status=404)


def _facilitator(see: Callable[..., Look]) -> Iterator[Look]:
    from groups.models import Group, Membership, Post, Report, Session

    led = _groups_of(FACILITATOR)
    yield see("moderation:queue", main=True)
    yield see("chat:room", led[0], main=True)
    yield see("chat:back", led[0])
    yield see("chat:back silent", led[1])
    yield see("chat:find back", led[0].rooms.get(kind="back"))
    for page in ("chat:find", "chat:rules", "chat:here"):
        yield see(page, led[0].room)
    for page in ("home", "membership:groups", "schedule:mine", "resources:library", "accounts:me"):
        yield see(page)
    for page in ("membership:group", "membership:people", "schedule:sessions", "schedule:new_series"):
        yield see(page, led[0])
    yield see(
        "membership:group stranger",
        Group.objects.listed().exclude(memberships__user__email=FACILITATOR).order_by("pk")[0],
    )
    for page in ("resources:posts", "resources:new"):
        yield see(page, led[0])
    member = Membership.objects.active().filter(group=led[0], role="member").order_by("pk")[0]
    yield see("membership:remove", led[0], member)
    yield see("moderation:mute", led[0], member)
    request = Membership.objects.waiting().filter(group__in=led)[0]
    yield see("membership:request", request.group, request)
    coming = Session.objects.filter(group=led[0], cancelled_at=None).order_by("-starts_at")[0]
    for page in ("schedule:session", "schedule:details", "schedule:cancel"):
        yield see(page, coming)
    yield see("schedule:end_series", coming.series)
    post = Post.objects.published().filter(group__in=led).order_by("pk")[0]
    for page in ("resources:post", "resources:edit", "resources:withdraw"):
        yield see(page, post)
    report = Report.objects.open().filter(group__in=led)[0]
    yield see("moderation:case", report)
    yield see("moderation:hide", report.group, report.kind, report.target_id)


def _keeper_of_the_peace(see: Callable[..., Look]) -> Iterator[Look]:
    from groups.models import Report

    report = Report.objects.exclude(closed_at=None).filter(group__in=_groups_of(CO_FACILITATOR))[0]
    yield see("moderation:queue muted")
    yield see("membership:people muted", report.group)
    yield see("chat:room hidden", report.group)
    yield see("moderation:case decided", report)
    yield see("moderation:show", report.group, report.kind, report.target_id)


def _admin(see: Callable[..., Look]) -> Iterator[Look]:
    from groups.models import Membership, Post
    from portal.accounts.models import User

    group = _groups_of(PATIENT)[0]
    member = Membership.objects.active().filter(group=group, role="member").order_by("pk")[0]
    for page in ("accounts:people", "accounts:audit"):
        yield see(page, main=True)
    for page in ("home", "membership:groups", "schedule:mine", "resources:library", "accounts:me"):
        yield see(page)
    for page in ("moderation:queue", "membership:new_group", "resources:new_for_all", "accounts:invite"):
        yield see(page)
    for page in ("membership:group", "membership:people", "membership:settings", "membership:add", "openings:opening"):
        yield see(page, group)
    for page in ("membership:role", "membership:remove"):
        yield see(page, group, member)
    request = Membership.objects.waiting().order_by("pk")[0]
    yield see("membership:request", request.group, request)
    yield see("resources:edit", Post.objects.published().filter(group=None).order_by("pk")[0])
    yield see("accounts:person", member.user)
    yield see("accounts:person waiting", User.objects.filter(email=WAITING).get())
    yield see("accounts:person paused", User.objects.filter(email=PAUSED).get())


def _at_the_edge() -> Iterator[Look]:
    """People whose pages are nearly empty, or who lack a right for a while."""
    from groups.models import Block

    newcomer = eyes("patient", NEWCOMER)
    for page in ("home", "membership:groups", "schedule:mine", "resources:library"):
        yield newcomer(f"{page} newcomer")
    yield eyes("patient", MUTED)("chat:room muted", _groups_of(MUTED)[0])
    yield eyes("patient", IN_LINE)("home in-line")
    blocked = Block.objects.in_force().get(blocker__email=DISTANT).blocked
    yield eyes("patient", DISTANT)("moderation:blocks full")
    yield eyes("patient", DISTANT)("moderation:block done", blocked)
    for email, what in ((WAITING, "waiting"), (PAUSED, "paused")):
        yield eyes("patient", email)(f"home {what}")
        yield eyes("patient", email)(f"accounts:waiting {what}")
        yield eyes("patient", email)(f"accounts:me {what}")


def _groups_of(email: str) -> list[Any]:
    """The groups this person is in, the fullest first."""
    from groups.models import Group, Membership

    stays = Membership.objects.active().filter(user__email=email).values("group")
    return list(Group.objects.filter(pk__in=stays).with_places().order_by("-taken", "pk"))
