"""Refusals: what the portal will not do, in words for the person. Turned into a page or a frame once, at the edge."""

from typing import Any


class Refusal(Exception):
    """A rule said no. Subclasses stand beside the action that raises them."""

    code = "refused"
    message = "That did not work. Nothing has been changed."
    status = 409

    def __init__(self, message: str | None = None, *, retry_after: float | None = None) -> None:
        super().__init__(message or self.message)
        self.message = message or self.message
        self.retry_after = retry_after  # seconds until another try makes sense

    def as_frame(self, **reference: Any) -> dict[str, Any]:
        """The refusal as a socket frame; reference is the sender's key or room."""
        frame = {"op": "refused", "code": self.code, "text": self.message, **reference}
        if self.retry_after is not None:
            frame["retry_after"] = self.retry_after
        return frame


class NotFound(Refusal):
    """Absent, or none of this person's business: both look the same."""

    code, status = "not_found", 404
    message = "We can’t find that page. It may have moved, or it isn’t open to you."


class NotAllowed(Refusal):
    """The person belongs here but may not do this."""

    code, status = "not_allowed", 403
    message = "Your role here doesn’t include that. Ask a facilitator if you need it."


class TooMany(Refusal):
    """A limit was reached; retry_after says in seconds when there is room again."""

    code, status = "too_many", 429
    message = "That was a lot at once. Please wait a moment, then try again."
