"""What allauth says, in our words. What is not listed here is not said."""

from portal.notifications.kinds import Kind

ERRORS = {
    "account_inactive": "This account is closed. Please call the clinic if you think that is wrong.",
    "cannot_remove_primary_email": "This is the address you sign in with. Add another one first.",
    "duplicate_email": "This is already your address.",
    "email_password_mismatch": "The address and the password do not fit together. Check both, or ask for a code.",
    "email_taken": "This address cannot be used. Try another one.",
    "enter_current_password": "That is not your password now. Please try again.",
    "incorrect_code": "That is not the code. Check the newest mail, or ask for a new code.",
    "incorrect_app_code": "That is not the code. Wait for the next one in your app, then try again.",
    "incorrect_code_or_spent": "That is not the code, or it has been used. Wait for the next one, then try again.",
    "incorrect_passkey": "This passkey does not open an account here. Please try again, or sign in another way.",
    "incorrect_password": "That is not your password. Please try again.",
    "invalid_or_expired_key": "This does not work any more. Please ask again.",
    "invalid_password_reset": "This does not work any more. Please ask again.",
    "max_email_addresses": "You cannot add more addresses.",
    "too_many_login_attempts": "That was tried many times. Ask for a new code, please.",
    "unknown_email": "The address and the password do not fit together. Check both, or ask for a code.",
    "unverified_primary_email": "Confirm this address first.",
    "same_as_current": "This is what you have now.",
    "rate_limited": "That was a lot at once. Please wait a moment, then try again.",
}
MESSAGES = {
    "account/messages/password_changed.txt": "Your password has been changed. Sign in with the new one.",
    "account/messages/password_set.txt": "Your password is set. Sign in with it.",
    "account/messages/email_confirmed.txt": "Your address is confirmed.",
    "account/messages/email_confirmation_failed.txt": "This address cannot be used. Try another one.",
    "account/messages/logged_out.txt": "You are signed out.",
}
MAILS = {
    "account/email/login_code": Kind.CODE,
    "account/email/email_confirmation": Kind.CODE,
    "account/email/email_confirmation_signup": Kind.CODE,
    "account/email/password_reset_code": Kind.CODE,
    "account/email/account_already_exists": Kind.HAS_ACCOUNT,
    "account/email/password_changed": Kind.PASSWORD_CHANGED,
    "account/email/password_set": Kind.PASSWORD_CHANGED,
    "account/email/password_reset": Kind.PASSWORD_CHANGED,
}
TO_NOBODY = frozenset({"account/email/unknown_account"})
NOT_SENT = frozenset({"account/email/email_changed"})  # portal.accounts.addresses tells of it, with the way back

# In the audit log, where a verb's own words would read oddly.
DEEDS = {
    "access.refused": "Was not let in",
    "account.asked": "Asked for an account",
    "account.deactivated": "Account closed",
    "account.left": "Closed their own account",
    "account.paused": "Paused their own account",
    "account.returned": "Account opened again",
    "account.first_admin": "First admin made",
    "factor.added": "Second factor added",
    "factor.codes_renewed": "New recovery codes made",
    "factor.removed": "Second factor removed",
    "factor.renamed": "Passkey renamed",
    "factor.reset": "Second factor taken away by an admin",
    "group.closed_again": "Group closed again",
    "group.opened": "Group opened to read",
    "group.people_seen": "Looked at who is in the group",
    "invitation.revoked": "Invitation taken back",
    "invitation.sent_again": "Invitation sent again",
    "address.restored": "Old e-mail address brought back",
    "confirmation.refused": "Could not show that it was them",
    "membership.asked": "Asked to join",
    "person.confirmed": "Showed that it was them",
    "person.seen": "Looked at this account",
    "person.signed_in": "Signed in",
    "person.signed_out": "Signed out",
    "copy.asked": "Asked for a copy of their data",
    "copy.fetched": "Fetched a copy of their data",
    "session.ended": "Signed out from afar",
    "sign_in.refused": "Sign-in refused",
    "sign_in.second_step_refused": "Second step of a sign-in refused",
}


FACTS = {"why": "reported as", "kind": "about a", "role": "as", "before": "before:", "what": ""}
SPANS = ((1440, "day"), (60, "hour"), (1, "minute"))


def fact(key: str, value: object) -> str:
    """What else the audit log knows of a deed, as an admin reads it: "minutes" 120 becomes "for 2 hours"."""
    name = key.replace("_", " ")
    if value is True:
        return name
    if key == "minutes" and isinstance(value, int):
        size, span = next((size, span) for size, span in SPANS if value % size == 0)
        return f"for {_some(value // size, span)}"
    if key == "sessions_ended" and isinstance(value, int):
        return f"{_some(value, 'device')} signed out"
    said = ", ".join(str(part) for part in value) if isinstance(value, list) else str(value)
    return f"{FACTS.get(key, f'{name}:')} {said.replace('_', ' ')}".strip()


def _some(number: int, what: str) -> str:
    return f"{number} {what}" if number == 1 else f"{number} {what}s"
