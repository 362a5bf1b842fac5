"""What a display name may be."""

import pytest
from django.core.exceptions import ValidationError

from portal.accounts.fields import free_display_name
from portal.accounts.likeness import without_turning
from portal.accounts.models import Role
from portal.accounts.names import NameRefused, check_display_name
from tests import cast


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("Quiet River", "Quiet River"),
        ("  Quiet   River ", "Quiet River"),
        ("Jo", "Jo"),
        ("Sam of the hills", "Sam of the hills"),
        ("O’Brien's-cat", "O’Brien's-cat"),
        ("Älva 22", "Älva 22"),
        ("\uff37\uff52\uff45\uff4e", "Wren"),
        ("日本の川", "日本の川"),
        ("カタカナ川", "カタカナ川"),
        ("\u0422\u0438\u0445\u0430\u044f Река", "\u0422\u0438\u0445\u0430\u044f Река"),
        ("Badminton", "Badminton"),
        ("Supportive Sue", "Supportive Sue"),
        ("Room 12345", "Room 12345"),
    ],
)
def test_these_are_fine(written: str, kept: str) -> None:
    assert check_display_name(written, legal_name="Nora Newman", email="nnewman@example.org") == kept


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "between 2 and 40"),
        ("x", "between 2 and 40"),
        ("x" * 41, "between 2 and 40"),
        ("me@example.org", "e-mail and web addresses"),
        ("www.me", "e-mail and web addresses"),
        ("see example.org", "e-mail and web addresses"),
        ("https://x", "e-mail and web addresses"),
        ("call 216 555 0147", "phone numbers"),
        ("216-555-0147", "phone numbers"),
        ("2165550147", "phone numbers"),
        ("<b>bold</b>", "letters, numbers"),
        ("zero\u200bwidth", "letters, numbers"),
        ("a\u202eb", "letters, numbers"),
        ("under_score", "letters, numbers"),
        ("12 345", "at least one letter"),
        ("Dr. Calm", "somebody who works here"),
        ("The ADMIN", "somebody who works here"),
        ("Facilitator Two", "somebody who works here"),
        ("Facilitators", "somebody who works here"),
        ("F a c i l i t a t o r", "somebody who works here"),
        ("Former-Member", "somebody who works here"),
        ("Faci1itat0r", "somebody who works here"),
        ("F\u00e1cilit\u00e4tor", "somebody who works here"),
        ("\u1d00\u1d05\u1d0d\u026a\u0274", "somebody who works here"),  # phonetic small capitals
        ("F\u0430cilitator", "letters of one alphabet"),  # a Cyrillic letter
        ("R\u03bfsa", "letters of one alphabet"),  # a Greek one
        ("\u3164\u3164\u3164", "letters of one alphabet"),  # letters that show nothing
        ("Quiet\u115fRiver", "letters of one alphabet"),
        ("Nora Newman", "your real name"),
        ("newman, nora".replace(",", ""), "your real name"),
        ("Miss Newman", "your real name"),
    ],
)
def test_these_are_refused_in_words(written: str, why: str) -> None:
    with pytest.raises(NameRefused) as refusal:
        check_display_name(written, legal_name="Nora Newman", email="nnewman@example.org")
    assert why in str(refusal.value)


def test_staff_may_say_what_they_are() -> None:
    assert check_display_name("Rosa, facilitator".replace(",", ""), for_staff=True) == "Rosa facilitator"


def test_a_first_name_alone_is_left_to_the_person() -> None:
    assert check_display_name("Nora", legal_name="Nora Newman") == "Nora"


@pytest.mark.parametrize("written", ["rosa", "R0sa", "R\u00f3sa", "R.o-s a", "ROSA", "R\u1d0fsa"])
def test_nobody_takes_a_name_that_looks_like_somebody_elses(written: str, db: None) -> None:
    rosa = cast.person("Rosa", role=Role.FACILITATOR)
    with pytest.raises(ValidationError):
        free_display_name(written)
    assert free_display_name(written, person=rosa)  # her own she may write as she likes


def test_another_alphabet_makes_no_second_one_of_a_name(db: None) -> None:
    cast.person("Theo")
    with pytest.raises(ValidationError):
        free_display_name("\u0422\u04bb\u0435\u043e")


def test_a_real_name_cannot_turn_what_stands_behind_it() -> None:
    assert without_turning("Nora\u202e Newman\u2066\u200b") == "Nora Newman"
