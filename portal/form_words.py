"""What a form says when something is missing or does not fit, wherever a field has no words of its own."""

from django import forms
from django.core import validators

MISSING = "Please fill this in."
CHOOSE = "Choose one of these."
BY_FIELD: dict[type[forms.Field], dict[str, str]] = {
    forms.Field: {"required": MISSING},
    forms.BooleanField: {"required": "Please tick this box."},
    forms.ChoiceField: {"required": CHOOSE, "invalid_choice": CHOOSE},
    forms.MultipleChoiceField: {"required": CHOOSE, "invalid_choice": CHOOSE, "invalid_list": CHOOSE},
    forms.IntegerField: {"invalid": "Write a whole number, such as 8."},
    forms.DateField: {"invalid": "Write the day as 2026-03-24."},
    forms.TimeField: {"invalid": "Write the time as 17:30."},
    forms.UUIDField: {"invalid": CHOOSE},
}
BY_VALIDATOR: dict[type, str] = {
    validators.EmailValidator: "This does not look like an e-mail address.",
    validators.URLValidator: "This does not look like a link. It starts with https://.",
    validators.MaxLengthValidator: "This is too long. %(limit_value)d characters fit, and it has %(show_value)d.",
    validators.MinLengthValidator: "This is too short. Write at least %(limit_value)d characters.",
    validators.MaxValueValidator: "This can be %(limit_value)s at most.",
    validators.MinValueValidator: "This must be %(limit_value)s or more.",
    validators.ProhibitNullCharactersValidator: "There is a character in it that cannot be kept. Type it again.",
}


def say_plainly() -> None:
    """Give every form field our words. Called once, when the site starts."""
    for field, said in BY_FIELD.items():
        field.default_error_messages = field.__dict__.get("default_error_messages", {}) | said
    for validator, words in BY_VALIDATOR.items():
        validator.message = words  # type: ignore[attr-defined]
