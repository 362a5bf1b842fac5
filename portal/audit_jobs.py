"""Background work on the audit log: note where it stands, and read it again every night."""

import structlog
from procrastinate.contrib.django import app as jobs

from portal import audit_chain

log = structlog.get_logger()


@jobs.periodic(cron="7 * * * *")
@jobs.task(name="portal.audit_jobs.note_head")
def note_head(timestamp: int) -> None:
    """Outside of the database and in the log: who rewrites the chain would have to rewrite both."""
    if (head := audit_chain.note_head()) is not None:
        log.info("audit.head", position=head.position, digest=head.digest)


@jobs.periodic(cron="37 3 * * *")
@jobs.task(name="portal.audit_jobs.read_again")
def read_again(timestamp: int) -> None:
    """Say loudly when the log is not what it was."""
    verdict = audit_chain.verify(audit_chain.noted_heads())
    if verdict.flaws:
        log.error("audit.broken", flaws=len(verdict.flaws), first=str(verdict.flaws[0]))
