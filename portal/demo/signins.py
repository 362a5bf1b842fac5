"""Who may be tried out. The sign-in page shows these in demo mode, with the shared password; so does `bin/run`, which
stands without Django."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class SignIn:
    """One person to sign in as, and what there is to see."""

    label: str
    email: str
    sees: str


SIGN_INS = [
    SignIn(
        label="Patient",
        email="juniper@example.org",
        sees="Two groups with new messages, a meeting to answer, and posts to read.",
    ),
    SignIn(
        label="Facilitator",
        email="rosa@example.org",
        sees="Two groups to look after: requests to join, two reports, and a waiting list.",
    ),
    SignIn(
        label="Admin",
        email="pat@example.org",
        sees="All people and groups: accounts to approve, an invitation, and the audit log.",
    ),
]
DEMO_PASSWORD = os.environ.get("DEMO_PASSWORD") or "calm-river-demo"
