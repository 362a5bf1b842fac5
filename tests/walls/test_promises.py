"""What the privacy page promises is looked at sentence by sentence, and held by tests: `promises.txt`."""

import re
from html.parser import HTMLParser
from pathlib import Path
from uuid import uuid4

import pytest
from django.test import Client
from django.utils import timezone

from chat import actions as chat
from groups.membership.models import AgreementReceipt, Group
from groups.moderation import actions as moderation
from groups.moderation.models import Report, Why
from portal.accounts import leaving
from portal.accounts.models import User
from portal.audit import AuditEntry
from tests.cast import NOW
from tests.walls import asvs

TABLE = Path(__file__).with_name("promises.txt")
NO_TEST = ("clinic", "words")
SENTENCE = re.compile(r"[^.]+\.")


class Prose(HTMLParser):
    """The text of paragraphs and list entries of the page's own part."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.pieces: list[str] = []
        self._inside = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: object) -> None:
        self._inside = tag in ("p", "li")
        if self._inside:
            self.pieces.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = self._inside and tag not in ("p", "li")

    def handle_data(self, data: str) -> None:
        if self._inside:
            self.pieces[-1] += data


def rows() -> dict[str, str]:
    lines = [line for line in TABLE.read_text().splitlines() if line and not line.startswith("#")]
    return {sentence.strip(): proof.strip() for sentence, proof in (line.split("|", 1) for line in lines)}


@pytest.mark.django_db
def test_every_sentence_of_the_page_was_looked_at(client: Client) -> None:
    """Changed a sentence? Look at what holds it, and write it into promises.txt."""
    page = client.get("/privacy/").content.decode()
    main = page[page.index("<main") : page.index("</main>")]
    said = [sentence.strip() for piece in Prose(main).pieces for sentence in SENTENCE.findall(piece)]
    assert len(said) > 30
    assert said == list(rows())


def test_every_promise_is_held_by_tests_that_are_there_or_by_somebody() -> None:
    known = asvs.where_tests_are()
    for sentence, proof in rows().items():
        tests = re.findall(r"\btest_\w+", proof)
        assert set(tests) <= known.keys(), sentence
        assert tests or proof.partition(":")[0] in NO_TEST, sentence


def test_what_stays_of_somebody_who_went_has_no_name(harbor: Group, ben: User, carla: User) -> None:
    """Receipts, the log and reports point at a row without name, address or words about who it was."""
    hers = chat.send(carla, harbor.room.public_id, key=uuid4(), body="Words", at=NOW)
    moderation.report(ben, "message", hers.public_id, why=Why.HURTFUL, words="It hurt", at=NOW)
    before = (ben.email, ben.display_name, ben.legal_name)
    leaving.close(ben, keep_words=False, at=timezone.now())
    gone = User.objects.get(pk=ben.pk)
    assert AgreementReceipt.objects.filter(user=gone).exists()
    assert Report.objects.get().reporter == gone
    kept = [str(row) for model in (User, AuditEntry, Report, AgreementReceipt) for row in model.objects.values()]
    assert [word for word in before for row in kept if re.search(rf"\b{re.escape(word)}\b", row)] == []
