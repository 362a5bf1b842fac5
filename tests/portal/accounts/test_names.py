"""What a display name may be."""

import pytest

from portal.accounts.names import NameRefused, check_display_name


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
