"""Every mail the portal sends, in words that tell a stranger who sees the inbox nothing at all.

No mail names the clinic, a treatment, a group, a person or an hour: it says that there is something, and where to
sign in. A new notification is one line here.
"""

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Kind(StrEnum):
    """What a person is told about. The value is kept in the notice's row."""

    # In groups
    REQUEST_RECEIVED = "request.received"  # to facilitators: somebody asks to join
    REQUEST_APPROVED = "request.approved"
    REQUEST_DECLINED = "request.declined"
    MEMBERSHIP_CHANGED = "membership.changed"  # added, removed or given another role
    SESSION_CHANGED = "session.changed"
    SESSION_CANCELLED = "session.cancelled"
    REPORT_RECEIVED = "report.received"  # to facilitators
    REPORT_DECIDED = "report.decided"
    GROUP_OPENED = "group.opened"  # to facilitators and admins: an admin reads where they are not
    # About the account
    ACCOUNT_ASKED = "account.asked"  # to admins: somebody asks for an account
    ACCOUNT_APPROVED = "account.approved"
    ACCOUNT_RETURNED = "account.returned"
    ROLE_CHANGED = "role.changed"
    ACCOUNT_CHANGED = "account.changed"
    INVITATION = "invitation"
    CODE = "code"
    COPY_READY = "copy.ready"
    HAS_ACCOUNT = "has_account"
    NOBODY_HERE = "nobody_here"  # goes to nobody: an unknown address takes the same work as a known one
    PASSWORD_CHANGED = "password.changed"  # noqa: S105 (a word, not a secret)
    ADDRESS_CHANGED = "address.changed"
    FACTOR_ADDED = "factor.added"
    FACTOR_REMOVED = "factor.removed"
    CODES_RENEWED = "factor.codes_renewed"
    ADDRESS_RESTORED = "address.restored"
    NEW_SIGN_IN = "sign_in.new_device"
    SECOND_STEP_REFUSED = "sign_in.second_step"


@dataclass(frozen=True)
class Words:
    """One mail. `route` names the page its button opens; a secret goes into that address or stands as a code."""

    subject: str
    lines: tuple[str, ...]
    route: str = "home"
    button: str = "Sign in"
    secret_is: str = ""  # "code": printed; "token": part of the button's address
    useful_for: timedelta = timedelta(days=3)  # a mail that could not go by then is not sent any more


UPDATE = Words("You have an update", ("There is something new for you.", "Sign in to read it."))
NOT_YOU = "If this was not you, change your password now, and tell us."

WORDS: dict[Kind, Words] = {
    Kind.ACCOUNT_APPROVED: Words(
        "Your account is ready", ("Your account has been approved.", "You can sign in and look around.")
    ),
    Kind.ACCOUNT_RETURNED: Words("Your account is open again", ("You can sign in again.",)),
    Kind.ACCOUNT_CHANGED: Words("Your account has changed", ("Something in your account has changed.", NOT_YOU)),
    Kind.INVITATION: Words(
        "You are invited",
        (
            "You are invited to make an account.",
            "The button below opens the page. It works once, for 7 days.",
            "If you did not expect this, you can ignore it.",
        ),
        route="accounts:invitation",
        button="Make my account",
        secret_is="token",  # noqa: S106
        useful_for=timedelta(days=2),
    ),
    Kind.COPY_READY: Words(
        "Something is ready for you",
        ("What you asked for is ready.", "Sign in to fetch it. It is kept for 7 days."),
        route="accounts:my_data",
    ),
    Kind.CODE: Words(
        "Your code",
        (
            "Type this code on the page you have open. It works for 15 minutes.",
            "If you did not ask, you can ignore this.",
        ),
        secret_is="code",  # noqa: S106
        useful_for=timedelta(minutes=15),
    ),
    Kind.HAS_ACCOUNT: Words(
        "About your account",
        (
            "Somebody asked for an account with this address. There is one already.",
            "If this was you, sign in. You can choose a new password there.",
            "If you were invited, open the mail that invited you.",
            "If it was not you, you can ignore this.",
        ),
        route="account_login",
    ),
    Kind.FACTOR_ADDED: Words(
        "A way to sign in was added", ("A new way to sign in was added to your account.", NOT_YOU)
    ),
    Kind.FACTOR_REMOVED: Words(
        "A way to sign in was removed", ("A way to sign in was removed from your account.", NOT_YOU)
    ),
    Kind.CODES_RENEWED: Words("New recovery codes", ("New recovery codes were made for your account.", NOT_YOU)),
    Kind.PASSWORD_CHANGED: Words("Your password has changed", ("Your password has been changed.", NOT_YOU)),
    Kind.ADDRESS_CHANGED: Words(
        "Your e-mail address has changed",
        (
            "Your account has a new e-mail address. Mails go there from now on.",
            "If this was not you, press the button within 3 days. It brings this address back.",
        ),
        route="accounts:address_undo",
        button="This was not me",
        secret_is="token",  # noqa: S106
    ),
    Kind.ADDRESS_RESTORED: Words(
        "Your e-mail address is back",
        (
            "Your account has its old address again, and everybody is signed out.",
            "Choose a new password now. Then look at how you sign in.",
        ),
        route="account_reset_password",
        button="Choose a new password",
    ),
    Kind.SECOND_STEP_REFUSED: Words(
        "Sign-ins that were not finished",
        ("Somebody entered your password several times, but not the second step.", NOT_YOU),
    ),
    Kind.NEW_SIGN_IN: Words(
        "A new sign-in",
        (
            "Somebody signed in to your account on a device we have not seen before.",
            "If it was you, all is well.",
            NOT_YOU,
        ),
    ),
}


def words_for(kind: str) -> Words:
    """The words of a kind; what has none of its own is simply an update."""
    return WORDS.get(Kind(kind), UPDATE)
