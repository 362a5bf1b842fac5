"""The kit: what a page's author writes, and what the person in front of it gets."""

from datetime import UTC, datetime
from types import SimpleNamespace
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.core.paginator import Paginator
from django.template import Context, Template
from django.test import Client, RequestFactory
from django.utils import timezone
from lucide import IconDoesNotExist

from portal.charts import bars
from portal.moments import in_words

NEW_YORK = ZoneInfo("America/New_York")
NOW = datetime(2026, 11, 24, 22, 30, tzinfo=UTC)  # Tuesday, 5:30pm at the clinic


@pytest.fixture
def plain_static(settings) -> None:
    """Static files by their own names: nothing is collected for these tests."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


class JoinForm(forms.Form):
    note = forms.CharField(label="A few words", help_text="Only facilitators read this.")
    reply = forms.ChoiceField(label="Will you come?", choices=[("y", "Yes"), ("n", "No")], widget=forms.RadioSelect)
    agree = forms.BooleanField(label="I agree")
    more = forms.CharField(label="More", required=False, widget=forms.TextInput(attrs={"placeholder": "More"}))
    token = forms.CharField(widget=forms.HiddenInput)


def drawn(source: str, **context: object) -> str:
    """A page's template, with the kit loaded, as HTML on one line."""
    html = Template("{% load ui %}" + source).render(Context(context))
    return " ".join(html.split())


def test_what_people_wrote_is_escaped_in_every_tag() -> None:
    mean = '<script>"x"</script>'
    person = SimpleNamespace(display_name="<b> &", public_id=UUID(int=3))
    html = drawn(
        "{% page_header title=mean lead=mean back_url=mean back_label=mean %}{% badge mean %}"
        "{% button mean value=mean %}{% link_button mean mean title=mean %}{% avatar person %}"
        "{% rows label=mean %}{% row title=mean url=mean meta=mean %}{{ mean }}{% endrow %}{% endrows %}"
        "{% card title=mean %}{% endcard %}{% notice title=mean %}{{ mean }}{% endnotice %}"
        "{% tabs items %}{% steps labels %}{% chart points label=mean %}{% dialog id='d' title=mean %}{% enddialog %}",
        mean=mean,
        person=person,
        items=[("a", mean, mean)],
        labels=[mean],
        points=[(mean, 1)],
    )
    assert "<script>" not in html
    assert '"x"' not in html
    assert "<b>" not in html.replace("<b></b>", "")


def test_a_field_says_its_label_hint_and_error_and_ties_them_to_the_control() -> None:
    form = JoinForm({"note": "", "agree": "on", "reply": "y", "token": "t"})
    html = drawn("{% field form.note %}", form=form)
    assert '<label class="field-label" for="id_note">A few words</label>' in html
    assert 'id="id_note_helptext">Only facilitators read this.' in html
    assert 'id="id_note_error"' in html
    assert 'aria-describedby="id_note_helptext id_note_error"' in html
    assert 'aria-invalid="true"' in html


def test_only_what_may_be_left_out_is_marked_and_no_placeholder_stands_in_for_a_label() -> None:
    html = drawn("{% field form.more %}", form=JoinForm())
    assert "(optional)" in html
    assert "placeholder" not in html
    assert "(optional)" not in drawn("{% field form.note %}{% field form.agree %}", form=JoinForm())


def test_choices_are_a_group_with_a_legend() -> None:
    html = drawn("{% field form.reply %}", form=JoinForm())
    assert html.startswith("<fieldset")
    assert "Will you come?</legend>" in html
    assert html.count('type="radio"') == 2


def test_a_hidden_field_is_only_itself() -> None:
    assert drawn("{% field form.token %}", form=JoinForm()) == '<input type="hidden" name="token" id="id_token">'


def test_the_error_summary_links_to_each_field_and_is_silent_when_all_is_well() -> None:
    html = drawn("{% error_summary form %}", form=JoinForm({"token": "t"}))
    assert 'href="#id_note"' in html
    assert 'href="#id_reply_0"' in html
    assert 'href="#id_agree"' in html
    assert "#id_more" not in html
    assert 'role="alert"' in html
    assert drawn("{% error_summary form %}", form=JoinForm()) == ""
    good = JoinForm({"note": "hello", "reply": "y", "agree": "on", "token": "t"})
    assert drawn("{% error_summary form %}", form=good) == ""


def test_a_form_posts_with_its_token_and_our_words_answer_mistakes() -> None:
    html = drawn("{% post_form '/there/' label='Ask' %}inside{% endpost_form %}", csrf_token="abc")
    assert 'method="post" action="/there/" aria-label="Ask" novalidate' in html
    assert 'name="csrfmiddlewaretoken" value="abc"' in html
    assert "inside" in html


def test_one_of_many_small_forms_is_a_group_so_that_landmarks_stay_few() -> None:
    html = drawn("{% post_form '/there/' label='Will you come?' inline=True %}inside{% endpost_form %}")
    assert '<div role="group" aria-label="Will you come?">inside</div>' in html
    assert html.count("aria-label") == 1


def test_buttons_take_any_attribute() -> None:
    html = drawn('{% button "More" type="button" kind="quiet" data_opens="help-now" value=0 disabled=True %}')
    assert html == (
        '<button class="button button-quiet" type="button" value="0" data-opens="help-now" disabled>More</button>'
    )
    assert drawn('{% link_button "Open" "/x/" %}') == '<a href="/x/" class="button button-primary">Open</a>'


def test_a_row_without_an_address_is_no_link() -> None:
    assert "<a" not in drawn('{% rows %}{% row title="Asha" %}{% endrow %}{% endrows %}')
    assert "row-extra" not in drawn('{% rows %}{% row title="Asha" %} {% endrow %}{% endrows %}')


def test_the_pager_keeps_the_rest_of_the_address_and_hides_when_there_is_one_page() -> None:
    request = RequestFactory().get("/people/?role=patient&page=2")
    html = drawn("{% pager page %}", request=request, page=Paginator(range(50), 10).page(2))
    assert "?role=patient&amp;page=1" in html
    assert "?role=patient&amp;page=3" in html
    assert "Page 2 of 5" in html
    assert drawn("{% pager page %}", request=request, page=Paginator(range(5), 10).page(1)) == ""


def test_tabs_mark_the_part_one_is_in_and_come_from_the_page_or_the_tag() -> None:
    tabs = [("chat", "Chat", "/c/"), ("people", "People", "/p/")]
    html = drawn('{% tabs current="people" %}', tabs=tabs)
    assert '<a href="/p/" aria-current="page">People</a>' in html
    assert '<a href="/c/">Chat</a>' in html
    assert drawn('{% tabs given current="people" %}', given=tabs) == html


def test_an_avatar_depends_on_the_opaque_id_alone() -> None:
    one = SimpleNamespace(display_name="Quiet River Bend", public_id=UUID(int=11))
    html = drawn("{% avatar one %}", one=one)
    assert html == '<span class="avatar avatar-3" aria-hidden="true">QR</span>'
    one.display_name = "Juniper"
    assert "avatar-3" in drawn("{% avatar one %}", one=one)


def test_an_unknown_icon_is_a_mistake_seen_at_once() -> None:
    assert drawn('{% icon "house" %}').startswith('<svg width="20"')
    with pytest.raises(IconDoesNotExist):
        drawn('{% icon "no-such-icon" %}')


@pytest.mark.parametrize(
    ("at", "style", "words"),
    [
        (datetime(2026, 11, 24, 22, 30, tzinfo=UTC), "", "Tue 24 Nov, 5:30pm"),
        (datetime(2026, 11, 24, 22, 0, tzinfo=UTC), "time", "5pm"),
        (datetime(2026, 11, 24, 17, 0, tzinfo=UTC), "time", "12 noon"),
        (datetime(2026, 11, 25, 5, 5, tzinfo=UTC), "time", "12:05am"),
        (datetime(2027, 1, 5, 23, 0, tzinfo=UTC), "", "Tue 5 Jan 2027, 6pm"),
        (datetime(2026, 11, 24, 22, 30, tzinfo=UTC), "date", "Tue 24 Nov"),
        (datetime(2026, 11, 24, 22, 30, tzinfo=UTC), "full", "Tuesday 24 November 2026, 5:30pm"),
        (datetime(2026, 11, 24, 22, 29, 30, tzinfo=UTC), "ago", "just now"),
        (datetime(2026, 11, 24, 21, 29, tzinfo=UTC), "ago", "1 hour ago"),
        (datetime(2026, 11, 22, 21, 0, tzinfo=UTC), "ago", "2 days ago"),
        (datetime(2026, 11, 24, 22, 50, tzinfo=UTC), "ago", "in 20 minutes"),
        (datetime(2026, 10, 1, 21, 0, tzinfo=UTC), "ago", "Thu 1 Oct"),
        (datetime(2026, 11, 25, 0, 0, tzinfo=UTC), "near", "Today, 7pm"),
        (datetime(2026, 11, 25, 5, 0, tzinfo=UTC), "near", "Tomorrow, 12 midnight"),
        (datetime(2026, 11, 24, 4, 59, tzinfo=UTC), "near", "Yesterday, 11:59pm"),
        (datetime(2026, 11, 26, 23, 0, tzinfo=UTC), "near", "Thu 26 Nov, 6pm"),
        (datetime(2026, 11, 25, 23, 0, tzinfo=UTC), "mid", "6pm tomorrow"),
        (datetime(2026, 11, 26, 23, 0, tzinfo=UTC), "mid", "Thu 26 Nov, 6pm"),
        (datetime(2026, 11, 25, 0, 0, tzinfo=UTC), "exact", "Tue 24 Nov, 7pm"),
    ],
)
def test_moments_are_said_as_people_say_them(at: datetime, style: str, words: str) -> None:
    assert in_words(at, style=style, now=NOW, zone=NEW_YORK) == words


def test_the_zone_is_named_only_when_it_is_not_the_clinics() -> None:
    assert in_words(NOW, style="", now=NOW, zone=ZoneInfo("America/Chicago")) == "Tue 24 Nov, 4:30pm CST"
    assert in_words(NOW, style="", now=NOW, zone=ZoneInfo("America/Detroit")) == "Tue 24 Nov, 5:30pm"
    assert in_words(NOW, style="near", now=NOW, zone=ZoneInfo("America/Chicago")) == "Today, 4:30pm CST"


def test_today_is_the_readers_today() -> None:
    late = datetime(2026, 11, 25, 4, 30, tzinfo=UTC)  # 11:30pm at the clinic, the next day in London
    assert in_words(late, style="near", now=NOW, zone=NEW_YORK) == "Today, 11:30pm"
    assert in_words(late, style="near", now=NOW, zone=ZoneInfo("Europe/London")) == "Tomorrow, 4:30am GMT"


def test_a_near_day_carries_its_date_for_a_page_that_stays_open_over_midnight() -> None:
    now = timezone.now()
    with timezone.override(NEW_YORK):
        exact = in_words(now, style="exact", now=now)
        html = drawn("{% when at %}", at=now)
        assert f'data-later="{exact}">Today, ' in html
        assert "data-later" not in drawn("{% when at style='exact' %}", at=now)


def test_a_moment_is_marked_up_for_machines_and_may_be_missing() -> None:
    with timezone.override(NEW_YORK):
        html = drawn("{% when at style='time' %}", at=NOW)
    assert html == '<time datetime="2026-11-24T17:30:00-05:00">5:30pm</time>'
    assert drawn("{% when at %}", at=None) == ""


def test_bars_stand_on_one_line_and_nothing_divides_by_zero() -> None:
    drawn_bars = bars([("a", 4), ("b", 8), ("c", 0)])["bars"]
    assert [(bar["height"], bar["y"] + bar["height"]) for bar in drawn_bars] == [(40, 80), (80, 80), (1, 80)]
    assert bars([])["bars"] == []
    assert bars([("a", 0)])["bars"][0]["height"] == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("plain_static")
def test_help_and_a_quick_way_out_are_on_every_page_and_work_without_a_script() -> None:
    for path in ("/", "/help/", "/privacy/", "/nowhere/"):
        html = Client().get(path).content.decode()
        assert 'href="/help/" data-opens="help-now"' in html
        assert "data-leave" in html
        assert "does not erase your browser" in html
        assert 'href="#main"' in html
        assert html.count("<h1") == 1


@pytest.mark.django_db
@pytest.mark.usefixtures("plain_static")
def test_the_help_page_names_every_number() -> None:
    html = Client().get("/help/").content.decode()
    for fact in ("tel:911", "tel:988", "Press 1", "Press 2", "AYUDA", "4HOPE", "741741", "not a crisis service"):
        assert fact in html


@pytest.mark.django_db
@pytest.mark.usefixtures("plain_static")
def test_allauths_pages_wear_the_kit_and_say_our_name() -> None:
    html = Client().get("/account/login/").content.decode()
    assert 'class="field-label"' in html
    assert 'class="brand-name">New Pathways Groups<' in html
    assert "data-leave" in html


@pytest.mark.usefixtures("plain_static")
@pytest.mark.parametrize("name", ["500.html", "503.html"])
def test_pages_for_bad_days_need_nothing_but_themselves(name: str) -> None:
    html = " ".join(Template('{% include "' + name + '" %}').render(Context()).split())
    assert "is safe" in html
    assert "tel:911" in html
    assert "tel:988" in html
