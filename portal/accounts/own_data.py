"""What the accounts, the notices and the audit log keep about a person."""

from portal.keeping import Kept

KEPT = [
    Kept(
        "You",
        "portal.User",
        "pk",
        {
            "E-mail": "email",
            "Name others see": "display_name",
            "Real name": "legal_name",
            "Role": "role",
            "Standing": "standing",
            "Since": "standing_at",
            "Time zone": "time_zone",
            "Account made": "created_at",
        },
    ),
    Kept("Your addresses", "account.EmailAddress", "user", {"E-mail": "email", "Confirmed": "verified"}),
    Kept(
        "Changes of your address",
        "portal.AddressChange",
        "person",
        {"Address before": "old_email", "Changed": "changed_at", "Undone": "undone_at"},
    ),
    Kept("How you came in", "portal.Invitation", "accepted_by", {"E-mail": "email", "Accepted": "accepted_at"}),
    Kept(
        "Where you are signed in",
        "portal.SignIn",
        "person",
        {"Device": "device", "Kind": "kind", "Since": "started_at", "Last used": "used_at"},
    ),
    Kept("Devices we know", "portal.KnownDevice", "person", {"Device": "device", "First seen": "first_at"}),
    Kept(
        "Second factors",
        "mfa.Authenticator",
        "user",
        {"Kind": "type", "Added": "created_at", "Last used": "last_used_at"},
    ),
    Kept("Mails we sent you", "portal.Notice", "person", {"About": "kind", "Asked": "created_at", "Sent": "sent_at"}),
    Kept("What you did", "portal.AuditEntry", "actor", {"When": "at", "What": "verb", "With": "target_kind"}),
]
LEFT_OUT = {
    "portal.User.standing_by": "Whom this person let in: somebody else’s account.",
    "portal.Invitation.invited_by": "Whom this person invited: somebody else’s address.",
    "portal.DataCopy.person": "The copy itself.",
}
