"""What people do with each other's messages in the room, in real browsers."""

import re
from collections.abc import Callable
from io import BytesIO

from PIL import Image
from playwright.sync_api import expect

from tests.browser.chatters import Chatter, words
from tests.browser.people import FACILITATOR


def test_a_reaction_reaches_everybody_by_name_and_can_be_taken_back(people: Callable[..., Chatter]) -> None:
    juniper, rosa = people(), people(FACILITATOR)
    said = words("Third visit done")
    juniper.says(said)
    rosa.opens_menu(said).get_by_role("button", name="Proud of you").click()
    for someone in (juniper, rosa):
        expect(someone.message(said).locator(".reaction")).to_have_text("Proud of you")
    expect(rosa.message(said).locator(".reaction")).to_have_class(re.compile("own"))
    expect(rosa.log).to_contain_text("You reacted: Proud of you")
    juniper.message(said).locator(".message-reacted > summary").click()
    expect(juniper.message(said).locator(".message-reacted li")).to_have_text("Proud of you Rosa")
    pressed = rosa.opens_menu(said).get_by_role("button", name="Proud of you")
    expect(pressed).to_have_attribute("aria-pressed", "true")
    pressed.click()
    for someone in (juniper, rosa):
        expect(someone.message(said).locator(".reaction")).to_have_count(0)


def test_the_keyboard_reacts_and_hears_what_is_there(people: Callable[..., Chatter]) -> None:
    juniper, rosa = people(), people(FACILITATOR)
    said = words("Slept through")
    juniper.says(said)
    line = rosa.message(said)
    line.focus()
    line.press("Enter")
    expect(line.get_by_role("button", name="With you")).to_be_focused()
    rosa.page.keyboard.press("Tab")
    rosa.page.keyboard.press("Enter")
    expect(line.locator(".reaction")).to_have_text("Thank you")
    expect(line).to_be_focused()
    rosa.page.keyboard.press("ArrowUp")
    rosa.page.keyboard.press("ArrowDown")
    expect(line).to_have_attribute("aria-label", re.compile(f"{said} Reactions: Thank you"))


def test_somebody_is_named_by_keyboard_and_sees_it(people: Callable[..., Chatter]) -> None:
    juniper, rosa = people(), people(FACILITATOR)
    said = words("you were right")
    juniper.box.press_sequentially("@ro")
    options = juniper.page.get_by_role("option")
    expect(options).to_have_text(["Rosa"])
    expect(juniper.box).to_have_attribute("aria-activedescendant", "write-names-0")
    juniper.box.press("Enter")
    expect(juniper.box).to_have_value("@Rosa ")
    expect(options).to_have_count(0)
    juniper.box.press_sequentially(said)
    juniper.box.press("Enter")
    expect(rosa.message(said).locator(".mention")).to_have_text("@Rosa")
    expect(rosa.message(said)).to_have_class(re.compile("message-for-me"))
    expect(juniper.message(said)).not_to_have_class(re.compile("message-for-me"))
    juniper.box.press_sequentially("@")
    expect(options.first).to_be_visible()
    juniper.box.press("ArrowDown")
    expect(options.nth(1)).to_have_attribute("aria-selected", "true")
    juniper.box.press("Escape")
    expect(options).to_have_count(0)
    expect(juniper.box).to_have_value("@")
    juniper.box.fill("")


def test_a_pinned_note_comes_and_goes_for_everybody(people: Callable[..., Chatter]) -> None:
    juniper, rosa = people(), people(FACILITATOR)
    said = words("Tonight we meet upstairs")
    juniper.says(said)
    top = juniper.page.locator(".chat-pins li", has_text=said)
    rosa.opens_menu(said).get_by_role("link", name="Pin").click()
    rosa.page.get_by_role("button", name="Pin to the top").click()
    expect(rosa.page.get_by_text("It stands at the top of the room.")).to_be_visible()
    expect(top).to_have_count(1)
    juniper.page.locator(".chat-pins > summary").click()
    expect(top).to_be_visible()
    live = juniper.page.locator(".chat-pins").evaluate("pins => pins.innerHTML.replace(/>\\s+</g, '><')")
    juniper.enters()
    assert juniper.page.locator(".chat-pins").evaluate("pins => pins.innerHTML.replace(/>\\s+</g, '><')") == live
    line = juniper.message(said).get_attribute("id")
    for answer in ("Keep it", "Take it back"):
        juniper.opens_menu(said).get_by_role("button", name="Take back").click()
        juniper.page.get_by_role("dialog").get_by_role("button", name=answer).click()
        expect(juniper.page.locator(f"#{line}")).to_be_focused()
    for someone in (juniper, rosa):
        expect(someone.page.locator(".chat-pins li", has_text=said)).to_have_count(0)


def test_a_picture_reaches_the_others_and_goes_with_its_message(people: Callable[..., Chatter]) -> None:
    juniper, rosa = people(), people(FACILITATOR)
    said = words("From my window")
    out = BytesIO()
    Image.new("RGB", (640, 360), "teal").save(out, "PNG")
    juniper.page.get_by_text("Add a picture").click()
    file = {"name": "window.png", "mimeType": "image/png", "buffer": out.getvalue()}
    juniper.page.get_by_label("Picture", exact=True).set_input_files([file])
    juniper.page.get_by_label("What it shows").fill("A lake in the morning")
    juniper.box.fill(said)
    juniper.page.get_by_role("button", name="Send").click()
    for someone in (juniper, rosa):
        shot = someone.message(said).get_by_role("img", name="A lake in the morning")
        expect(shot).to_be_visible()
        someone.finds(
            "alt => document.querySelector(`img[alt='${alt}']`).naturalWidth === 640", "A lake in the morning"
        )
    juniper.is_live()
    juniper.opens_menu(said).get_by_role("button", name="Take back").click()
    juniper.page.get_by_role("dialog").get_by_role("button", name="Take it back").click()
    for someone in (juniper, rosa):
        expect(someone.page.get_by_role("img", name="A lake in the morning")).to_have_count(0)


def test_without_a_script_every_deed_has_a_page(people: Callable[..., Chatter]) -> None:
    juniper = people()
    said = words("Helo")
    juniper.says(said)
    plain = people(java_script_enabled=False, spot=None)
    plain.goes_to(plain.room)
    line = plain.page.locator("li.message", has_text=said)
    line.locator("summary").click()
    line.get_by_role("link", name="React and more").click()
    plain.page.get_by_role("button", name="Hope").click()
    expect(plain.page.get_by_role("button", name="Hope")).to_have_attribute("aria-pressed", "true")
    plain.page.get_by_role("textbox", name="Your message").fill(said.replace("Helo", "Hello"))
    plain.page.get_by_role("button", name="Keep the change").click()
    line = plain.page.locator("li.message", has_text=said.replace("Helo", "Hello"))
    expect(line.locator(".message-note")).to_have_text("Changed")
    expect(line.locator(".reaction")).to_have_text("Hope")
    line.locator(".menu summary").click()
    line.get_by_role("link", name="React and more").click()
    plain.page.get_by_role("button", name="Take it back").click()
    expect(plain.page.locator("li.message", has_text=said.replace("Helo", "Hello"))).to_have_count(0)
    expect(juniper.page.locator(".message", has_text="Taken back by").last).to_be_visible()
