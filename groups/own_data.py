"""What the groups keep about a person."""

from groups.membership.models import Membership
from groups.part_two import REDISCLOSURE
from portal.keeping import Kept

KEPT = [
    Kept(
        "Your groups",
        "groups.Membership",
        "user",
        {
            "Group": "group__name",
            "Role": "role",
            "State": "state",
            "Asked": "asked_at",
            "What you wrote": "words",
            "Joined": "joined_at",
            "Ended": "ended_at",
        },
    ),
    Kept(
        "Agreements you accepted",
        "groups.AgreementReceipt",
        "user",
        {"Group": "agreement__group__name", "Version": "agreement__version", "Accepted": "accepted_at"},
    ),
    Kept(
        "Your answers to sessions",
        "groups.Rsvp",
        "user",
        {"Session": "session__title", "When": "session__starts_at", "Answer": "reply", "Answered": "replied_at"},
    ),
    Kept(
        "What you reported",
        "groups.Report",
        "reporter",
        {"Group": "group__name", "When": "opened_at", "Why": "why", "What you wrote": "words"},
    ),
    Kept(
        "Pauses from writing",
        "groups.Sanction",
        "user",
        {"Group": "group__name", "From": "starts_at", "Until": "ends_at", "Lifted": "lifted_at"},
    ),
    Kept(
        "People you blocked",
        "groups.Block",
        "blocker",
        {"Name": "blocked__display_name", "When": "at", "Lifted": "lifted_at"},
    ),
    Kept(
        "Posts you wrote",
        "groups.Post",
        "author",
        {"Title": "title", "Summary": "summary", "Text": "body", "Published": "published_at"},
    ),
]


def notices(person_pk: int) -> list[str]:
    """What has to stand on the copy: for who was ever let into a group of a Part 2 program, the notice of the law."""
    been = Membership.objects.filter(user=person_pk, group__part_two=True, joined_at__isnull=False)
    return [REDISCLOSURE] if been.exists() else []


LEFT_OUT = {
    "groups.Opening.admin": "Which group this admin opened, and why: work; the deed is in the log.",
    "groups.MembershipChange.by": "Steps of somebody’s stay; one’s own stays are there.",
    "groups.Report.about": "What others reported. It could tell who they are.",
    "groups.Report.closed_by": "How this person decided on what others did.",
    "groups.Sanction.by": "Whom this person asked to pause.",
    "groups.Sanction.lifted_by": "Whom this person let write again.",
    "groups.Block.blocked": "Who does not want to hear this person: theirs to know.",
    "groups.Series.created_by": "Work for a group, not about a person; the deed is in the log.",
    "groups.Session.cancelled_by": "Work for a group, not about a person; the deed is in the log.",
}
