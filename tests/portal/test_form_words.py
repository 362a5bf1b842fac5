"""What a form says when something is missing or does not fit."""

import pytest
from django import forms


class Odd(forms.Form):
    """A field of each kind, with no words of its own."""

    name = forms.CharField(max_length=5)
    email = forms.EmailField()
    agree = forms.BooleanField()
    one = forms.ChoiceField(choices=[("a", "A")])
    many = forms.MultipleChoiceField(choices=[("a", "A")])
    places = forms.IntegerField(min_value=2, max_value=12)
    day = forms.DateField()
    at = forms.TimeField()


def said(**given: object) -> dict[str, str]:
    return {name: " ".join(errors) for name, errors in Odd(given).errors.items()}


def test_what_is_missing_is_asked_for_in_plain_words():
    ask, choose = "Please fill this in.", "Choose one of these."
    assert said() == {
        "name": ask,
        "email": ask,
        "agree": "Please tick this box.",
        "one": choose,
        "many": choose,
        "places": ask,
        "day": ask,
        "at": ask,
    }


@pytest.mark.parametrize(
    ("field", "given", "words"),
    [
        ("name", "Juniper", "This is too long. 5 characters fit, and it has 7."),
        ("name", "J\0", "There is a character in it that cannot be kept. Type it again."),
        ("email", "juniper", "This does not look like an e-mail address."),
        ("one", "b", "Choose one of these."),
        ("places", "many", "Write a whole number, such as 8."),
        ("places", "1", "This must be 2 or more."),
        ("places", "13", "This can be 12 at most."),
        ("day", "soon", "Write the day as 2026-03-24."),
        ("at", "noon", "Write the time as 17:30."),
    ],
)
def test_what_does_not_fit_is_told_in_plain_words(field, given, words):
    assert said(**{field: given})[field] == words


def test_a_field_with_words_of_its_own_keeps_them():
    class Kind(forms.Form):
        agree = forms.BooleanField(error_messages={"required": "Please agree first."})

    assert Kind({}).errors["agree"] == ["Please agree first."]
