"""What people fill in about posts. Forms save nothing."""

from typing import Any

from django import forms

from groups.resources.models import BODY, SUMMARY, TITLE, Post

HOW = "Plain words are enough. For more: ## starts a heading, - starts a list, **two stars** make bold."


def too_long(limit: int) -> dict[str, str]:
    """The words for a text that does not fit."""
    return {"max_length": f"This is too long. {limit:,} characters fit."}


class PostForm(forms.Form):
    """A post as it is written."""

    title = forms.CharField(
        label="Title",
        max_length=TITLE,
        error_messages={"required": "Give the post a title.", **too_long(TITLE)},
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    summary = forms.CharField(
        label="In one sentence",
        help_text="Shown in lists, so that people can choose.",
        required=False,
        max_length=SUMMARY,
        error_messages=too_long(SUMMARY),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    body = forms.CharField(
        label="Text",
        help_text=HOW,
        max_length=BODY,
        error_messages={"required": "Write something first.", **too_long(BODY)},
        widget=forms.Textarea(attrs={"rows": 16}),
    )

    @classmethod
    def of(cls, post: Post) -> "PostForm":
        """The form as the post stands now."""
        return cls(initial={"title": post.title, "summary": post.summary, "body": post.body})

    def clean_body(self) -> str:
        """Browsers send the line ends of typewriters."""
        return str(self.cleaned_data["body"]).replace("\r\n", "\n")


class NewPostForm(PostForm):
    """A post before it is published."""

    pinned = forms.BooleanField(label="Keep it above the others", required=False)


class PinForm(forms.Form):
    """Up, or back among the others."""

    pinned = forms.TypedChoiceField(choices=[("yes", "yes"), ("no", "no")], coerce=lambda word: word == "yes")


class SearchForm(forms.Form):
    """Words to look for."""

    q = forms.CharField(
        label="Search",
        required=False,
        max_length=100,
        error_messages={"max_length": "Please use fewer words."},
        widget=forms.TextInput(attrs={"type": "search", "autocomplete": "off"}),
    )

    def words(self) -> str:
        """What to look for; nothing when it cannot be used."""
        return self.cleaned_data["q"] if self.is_valid() else ""

    def clean(self) -> dict[str, Any]:
        values = super().clean() or {}
        values.setdefault("q", "")
        return values
