"""The pages of resources, as people read, search and write them."""

import re
from datetime import timedelta

import pytest
from django.urls import reverse

from groups.membership.models import Membership
from groups.resources import actions, queries
from groups.resources.models import Post
from tests.cast import NOW

LIBRARY = "/resources/"
DRAFT = {"title": "Music for the day", "summary": "", "body": "## Why\n\nIt *helps*."}


def sought(browser, url, words):
    """The page after somebody searched it."""
    return browser.post(url, {"q": words}, follow=True)


def text(response):
    """What a person reads in the page's own part, white space made even."""
    body = response.content.decode().partition('<main id="main"')[2].partition("</main>")[0]
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body)).strip()


def post_url(post, name="post"):
    return reverse(f"resources:{name}", args=[post.public_id])


def group_url(group, name="posts"):
    return reverse(f"resources:{name}", args=[group.public_id])


def titles(response):
    return re.findall(r'<a class="row-title"[^>]*>([^<]+)</a>', response.content.decode())


# Who reads what


def test_the_library_has_what_is_for_everyone_and_for_my_groups(ben, ours, everyones, theirs, signed_in):
    assert sorted(titles(signed_in(ben).get(LIBRARY))) == ["Before a visit", "Sleep, the quiet helper"]


@pytest.mark.parametrize("who", ["sam", "asking", "eve"])
def test_who_is_in_no_group_reads_what_is_for_everyone(who, ours, everyones, theirs, signed_in, request):
    browser = signed_in(request.getfixturevalue(who))

    assert titles(browser.get(LIBRARY)) == ["Sleep, the quiet helper"]
    assert titles(sought(browser, LIBRARY, "late OR lightly OR sleep")) == ["Sleep, the quiet helper"]
    assert browser.get(post_url(everyones)).status_code == 200
    assert queries.newest_for(request.getfixturevalue(who), limit=9) == [everyones]


@pytest.mark.parametrize("who", ["sam", "dora", "asking"])
def test_another_groups_posts_do_not_exist(who, harbor, ours, signed_in, request):
    browser = signed_in(request.getfixturevalue(who))
    pages = [
        post_url(ours),
        *(post_url(ours, name) for name in ("edit", "withdraw")),
        group_url(harbor),
        group_url(harbor, "new"),
    ]

    assert [browser.get(page).status_code for page in pages] == [404] * 5
    assert [browser.post(post_url(ours, name)).status_code for name in ("edit", "pin", "withdraw")] == [404] * 3
    assert Post.objects.get(pk=ours.pk).withdrawn_at is None


def test_members_read_but_do_not_write(ben, harbor, ours, everyones, signed_in):
    browser = signed_in(ben)

    assert [browser.get(page).status_code for page in (group_url(harbor), post_url(ours), post_url(everyones))] == [
        200
    ] * 3
    assert browser.get(group_url(harbor, "new")).status_code == 403
    for post in (ours, everyones):
        assert [browser.post(post_url(post, name)).status_code for name in ("edit", "pin", "withdraw")] == [403] * 3
    assert browser.get(reverse("resources:new_for_all")).status_code == 404
    assert "Change the text" not in text(browser.get(post_url(ours)))


def test_who_left_reads_no_more(ben, ours, everyones, signed_in):
    Membership.objects.filter(user=ben).update(state="left", ended_at=NOW)

    assert signed_in(ben).get(post_url(ours)).status_code == 404
    assert titles(signed_in(ben).get(LIBRARY)) == ["Sleep, the quiet helper"]


def test_visitors_are_asked_to_sign_in(client, harbor, ours):
    pages = [LIBRARY, post_url(ours), group_url(harbor), group_url(harbor, "new"), reverse("resources:new_for_all")]

    assert {client.get(page).headers["Location"].partition("?")[0] for page in pages} == {reverse("account_login")}


def test_titles_name_nothing(amina, harbor, ours, signed_in):
    pages = [LIBRARY, group_url(harbor), group_url(harbor, "new")]
    pages += [post_url(ours, name) for name in ("post", "edit", "withdraw")]

    shown = [re.search("<title>(.*)</title>", signed_in(amina).get(page).content.decode())[1] for page in pages]

    assert {title.partition(" · ")[0] for title in shown} == {"Resources", "Writing", "Reading"}


# Lists


def test_pinned_posts_come_first_then_the_newest(amina, ben, harbor, publish, signed_in):
    for hour, title in enumerate(["Oldest", "Pinned", "Newest"]):
        publish(amina, harbor, title, at=NOW + timedelta(hours=hour), pinned=title == "Pinned")

    for page in (LIBRARY, group_url(harbor)):
        assert titles(signed_in(ben).get(page)) == ["Pinned", "Newest", "Oldest"]
    assert [post.title for post in queries.newest_for(ben, limit=2)] == ["Newest", "Pinned"]


def test_a_groups_page_has_only_its_own(ben, harbor, ours, everyones, signed_in):
    assert titles(signed_in(ben).get(group_url(harbor))) == ["Before a visit"]


def test_a_withdrawn_post_is_in_no_list(amina, ben, ours, signed_in):
    actions.withdraw_post(amina, ours.public_id, at=NOW)

    assert "Nothing to read yet" in text(signed_in(ben).get(LIBRARY))
    assert "No posts in this group yet" in text(signed_in(ben).get(group_url(ours.group)))
    assert "Nothing found" in text(sought(signed_in(ben), LIBRARY, "lightly"))
    assert signed_in(ben).get(post_url(ours)).status_code == 404
    assert queries.newest_for(ben, limit=3) == []


def test_long_lists_have_pages(amina, ben, harbor, publish, signed_in):
    for number in range(13):
        publish(amina, harbor, f"Post {number:02}", at=NOW + timedelta(minutes=number))

    assert "Page 1 of 2" in text(signed_in(ben).get(LIBRARY))
    assert titles(signed_in(ben).get(LIBRARY, {"page": "2"})) == ["Post 00"]
    assert titles(signed_in(ben).get(LIBRARY, {"page": "none"}))[0] == "Post 12"


# Search


def test_what_is_looked_for_stays_out_of_the_address(ben, ours, everyones, signed_in):
    browser = signed_in(ben)

    assert browser.post(LIBRARY, {"q": "sleep"})["Location"] == LIBRARY
    assert titles(browser.get(LIBRARY)) == ["Sleep, the quiet helper"]
    assert titles(browser.get(group_url(ours.group))) == ["Before a visit"]
    assert len(titles(browser.post(LIBRARY, follow=True))) == 2


@pytest.mark.parametrize(
    ("words", "found"),
    [
        ("sleep", ["Sleep, the quiet helper"]),
        ("sleeping helps", ["Sleep, the quiet helper"]),
        ("LIGHTLY", ["Before a visit"]),
        ('"eat lightly"', ["Before a visit"]),
        ("visit OR sleep", ["Sleep, the quiet helper", "Before a visit"]),
        ("sleep -helps", []),
        ("late", []),  # stands only in another group's post
        ("'; drop table", []),
        ("&|!():*\\", []),
    ],
)
def test_search_finds_words_in_any_form(words, found, ben, ours, everyones, theirs, signed_in):
    assert sorted(titles(sought(signed_in(ben), LIBRARY, words))) == sorted(found)


def test_a_word_in_the_title_weighs_more(amina, ben, harbor, publish, signed_in):
    publish(amina, harbor, "A quiet day", body="Music, if you like.")
    publish(amina, harbor, "Music", body="Anything slow.", at=NOW - timedelta(days=1))

    assert titles(sought(signed_in(ben), group_url(harbor), "music")) == ["Music", "A quiet day"]


@pytest.mark.parametrize("words", ["x" * 101, "a\x00b", " "])
def test_what_cannot_be_searched_shows_the_list(words, ben, ours, signed_in):
    answer = sought(signed_in(ben), LIBRARY, words)

    assert (answer.status_code, titles(answer)) == (200, ["Before a visit"])


def test_what_was_searched_is_shown_as_typed(ben, ours, signed_in):
    answer = sought(signed_in(ben), LIBRARY, "<script>alert(1)</script>")

    assert "<script>alert" not in answer.content.decode()


# Reading


def test_a_post_says_who_wrote_it_when_and_for_whom(ben, ours, everyones, signed_in):
    page = text(signed_in(ben).get(post_url(ours)))

    assert "Before a visit" in page
    assert re.search(r"Amina , Wed 4 Mar( 2026)?  ?For your group About 1 minute to read Eat lightly . ?$", page)
    assert "For everyone" in text(signed_in(ben).get(post_url(everyones)))


def test_a_post_cannot_bring_a_script(amina, ben, harbor, publish, signed_in):
    post = publish(amina, harbor, body="<script>alert(1)</script> [x](javascript:alert(1)) <img src=x onerror=y>")

    page = signed_in(ben).get(post_url(post)).content.decode().partition("<main")[2].partition("</main>")[0]

    assert re.findall(r"<script|<img|href=\"javascript|onerror=[^&]*>", page) == []


# Writing


def test_a_facilitator_writes_looks_and_publishes(amina, ben, harbor, signed_in):
    browser = signed_in(amina)

    look = browser.post(group_url(harbor, "new"), DRAFT | {"preview": "1"})
    assert look.status_code == 200
    assert "<h2>Why</h2>\n<p>It <em>helps</em>.</p>" in look.content.decode()
    assert "It *helps*." in look.content.decode()  # and the text is still there to be changed
    assert not Post.objects.exists()

    answer = browser.post(group_url(harbor, "new"), DRAFT | {"pinned": "on"}, follow=True)
    post = Post.objects.get()
    assert answer.redirect_chain == [(post_url(post), 302)]
    assert (post.group, post.author, post.pinned_at is None) == (harbor, amina, False)
    assert titles(signed_in(ben).get(LIBRARY)) == ["Music for the day"]


def test_an_admin_writes_for_everyone(eve, sam, signed_in):
    assert "Write for everyone" in text(signed_in(eve).get(LIBRARY))

    signed_in(eve).post(reverse("resources:new_for_all"), DRAFT)

    assert titles(signed_in(sam).get(LIBRARY)) == ["Music for the day"]
    assert "Write for everyone" not in text(signed_in(sam).get(LIBRARY))


@pytest.mark.parametrize(
    ("field", "value", "words"),
    [
        ("title", " ", "Give the post a title."),
        ("title", "x" * 121, "This is too long. 120 characters fit."),
        ("summary", "x" * 241, "This is too long. 240 characters fit."),
        ("body", "", "Write something first."),
        ("body", "x" * 40_001, "This is too long. 40,000 characters fit."),
    ],
)
@pytest.mark.parametrize("button", [{}, {"preview": "1"}])
def test_what_is_missing_stands_beside_its_field(field, value, words, button, amina, harbor, signed_in):
    answer = signed_in(amina).post(group_url(harbor, "new"), DRAFT | {field: value} | button)

    assert answer.status_code == 422
    assert answer.context["form"].errors == {field: [words]}
    assert text(answer).count(words) == 2
    assert not Post.objects.exists()


def test_a_facilitator_changes_the_text(amina, ben, ours, signed_in):
    browser = signed_in(amina)
    assert 'value="Before a visit"' in browser.get(post_url(ours, "edit")).content.decode()

    look = browser.post(post_url(ours, "edit"), DRAFT | {"preview": "1"})
    ours.refresh_from_db()
    assert ("How it will look" in text(look), ours.title) == (True, "Before a visit")

    browser.post(post_url(ours, "edit"), DRAFT | {"body": "One\r\n\r\nTwo"})
    ours.refresh_from_db()
    assert (ours.title, ours.body) == ("Music for the day", "One\n\nTwo")
    assert "changed" in text(signed_in(ben).get(post_url(ours)))


def test_a_facilitator_pins_unpins_and_takes_away(amina, ours, signed_in):
    browser = signed_in(amina)
    assert "Unpin" in text(browser.post(post_url(ours, "pin"), {"pinned": "yes"}, follow=True))
    assert "Pin on top" in text(browser.post(post_url(ours, "pin"), {"pinned": "no"}, follow=True))
    assert "Nobody can read it any more." in text(browser.get(post_url(ours, "withdraw")))

    answer = browser.post(post_url(ours, "withdraw"), follow=True)

    assert answer.redirect_chain == [(group_url(ours.group), 302)]
    assert "The post is gone" in text(answer)


# Cost


def test_lists_cost_the_same_with_one_post_and_with_three(amina, ben, harbor, publish, signed_in, count_of):
    pages = [LIBRARY, group_url(harbor)]
    publish(amina, harbor, "One")
    one = [count_of(signed_in(ben), page) for page in pages]
    publish(amina, harbor, "Two")
    publish(amina, harbor, "Three", pinned=True)

    assert [count_of(signed_in(ben), page) for page in pages] == one
    assert max(one) <= 12


def test_the_newest_take_one_query(ben, ours, everyones, django_assert_num_queries):
    with django_assert_num_queries(1):
        assert [(post.author.display_name, post.group) for post in queries.newest_for(ben, limit=3)] == [
            ("Eve", None),
            ("Amina", ours.group),
        ]
