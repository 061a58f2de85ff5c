"""What a visitor sees and does, in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import ask, state
from tests.webapp.site import OPENING, WRITTEN

WORDS = len(WRITTEN[0].split())
PHONE = {"viewport": {"width": 360, "height": 740}, "has_touch": True}


def texts(page):
    return [bar.inner_text() for bar in page.locator(".bar .words").all()]


def fits(page):
    return page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")


def test_the_model_is_off_and_costs_nothing(open_page, pictures, assert_accessible):
    page = open_page()

    assert state(page, "The model is off").is_visible()
    assert page.get_by_text("It costs nothing now.").is_visible()
    assert page.get_by_role("button", name="Write the verse").is_disabled()
    assert page.get_by_text("The model is off. You can write when it is ready.").is_visible()
    page.screenshot(path=pictures / "off.png")


def test_a_verse_streams_in_word_by_word(open_page, ready, gate, pictures, assert_accessible):
    page = open_page()
    ask(page)
    preview = page.locator(".bar.preview .words")

    gate.let(2)  # the start and the opening bar
    expect(preview).to_have_text("Now ")
    gate.let(1)
    expect(preview).to_have_text("Now I ")
    gate.let(1)
    expect(preview).to_have_text("Now I walk ")

    gate.open()
    page.get_by_role("link", name="Its own page").wait_for()
    assert texts(page) == [OPENING, *WRITTEN]
    second = page.locator(".bar").nth(1)
    assert second.locator(".letter").inner_text() == "A"
    assert second.locator(".number").inner_text() == "13"
    assert second.locator(".how").inner_text() == "rhymes with bar 1"
    assert_accessible(page)
    page.screenshot(path=pictures / "written.png", full_page=True)


def test_rhymes_are_marked_by_color_and_without_it(open_page, ready):
    page = open_page()
    ask(page)
    page.get_by_role("link", name="Its own page").wait_for()

    def style(bar, name):
        end = page.locator(".bar").nth(bar).locator(".end")
        return end.evaluate(f"element => getComputedStyle(element)['{name}']")

    assert style(0, "color") == style(1, "color") != style(2, "color") == style(3, "color")
    assert style(1, "text-decoration-style") != style(2, "text-decoration-style")


def test_what_could_not_be_as_asked_stands_with_its_bar(open_page, site, ready):
    site.lyricist.notes = {1: "No perfect rhyme was found."}
    page = open_page()

    ask(page)

    said = page.locator(".bar").nth(1).get_by_text("No perfect rhyme was found.")
    said.wait_for()
    page.get_by_role("link", name="Its own page").click()
    page.wait_for_url("**/verses/*")
    assert said.is_visible()


def test_the_verse_has_a_page_of_its_own(open_page, ready, pictures):
    page = open_page(permissions=["clipboard-read", "clipboard-write"])
    ask(page)
    page.get_by_role("link", name="Its own page").click()
    page.wait_for_url("**/verses/*")
    page.get_by_role("button", name="Copy the words").click()
    page.get_by_text("Copied.").wait_for()

    assert page.evaluate("navigator.clipboard.readText()") == "\n".join([OPENING, *WRITTEN])

    assert texts(page) == [OPENING, *WRITTEN]
    assert page.get_by_text("Rhymes kept").is_visible()
    page.screenshot(path=pictures / "verse.png")


def test_the_page_follows_the_model(open_page, site):
    page = open_page()
    assert page.get_by_role("button", name="Write the verse").is_disabled()

    site.world.switch.start(30, "ada", "talk")
    state(page, "The model is starting").wait_for()
    site.world.clock.pass_(minutes=5)
    state(page, "The model is ready").wait_for()

    assert page.get_by_role("button", name="Write the verse").is_enabled()


def test_by_keyboard_alone(open_page, ready):
    page = open_page()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to the content"
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    page.keyboard.type(OPENING)
    page.keyboard.press("Tab")
    page.keyboard.type("rain")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Tab")

    page.keyboard.press("Enter")

    page.get_by_role("link", name="Its own page").wait_for()
    assert len(texts(page)) == 8
    assert page.locator(".bar").nth(2).locator(".letter").inner_text() == "A"


def test_a_verse_without_javascript(open_page, ready, pictures):
    page = open_page(java_script_enabled=False)

    ask(page)

    page.wait_for_url("**/verses/*")
    assert texts(page) == [OPENING, *WRITTEN]
    page.screenshot(path=pictures / "without_javascript.png")


def test_on_a_phone_the_verse_and_its_stop_come_into_view(open_page, ready, gate):
    page = open_page(**PHONE, reduced_motion="reduce")
    page.get_by_label("16", exact=True).check()

    ask(page)
    gate.let(WORDS + 3)
    page.locator(".bar.settled").first.wait_for()

    expect(page.get_by_role("button", name="Stop")).to_be_in_viewport()
    expect(page.locator(".bar.settled").first).to_be_in_viewport()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_on_a_phone(open_page, ready, pictures, assert_accessible, scheme):
    page = open_page(**PHONE, color_scheme=scheme)
    assert fits(page)

    ask(page)
    page.get_by_role("link", name="Its own page").wait_for()

    assert fits(page)
    assert_accessible(page)
    page.screenshot(path=pictures / f"phone_{scheme}.png", full_page=True)


def test_what_is_typed_is_heard(open_page, assert_accessible):
    page = open_page()

    page.get_by_label("Your first bar").fill(f"{OPENING}\nWe ride on the blorptastic")

    heard = page.locator("#heard li")
    expect(heard.first).to_have_text("13 syllables, rhymes on “an” (plan).")
    expect(heard.nth(2)).to_contain_text("We hear “blorptastic” as")
    assert_accessible(page)
    page.get_by_label("Your first bar").fill("")
    expect(page.locator("#heard")).to_be_hidden()


def test_every_wish_reaches_the_model(open_page, site, ready, pictures, assert_accessible):
    page = open_page()
    page.get_by_label("near", exact=True).check()
    page.get_by_label("Syllables in a bar").select_option("9")
    page.get_by_text("More", exact=True).click()
    page.get_by_label("clean", exact=True).check()
    page.get_by_label("Rhymes inside the bars too").check()
    page.get_by_label("Temperature").fill("1.1")
    page.get_by_label("Seed").fill("42")
    assert_accessible(page)
    page.screenshot(path=pictures / "wishes.png", full_page=True)

    ask(page)
    page.get_by_role("link", name="Its own page").wait_for()

    (asked,) = site.lyricist.asked
    assert (asked.rhyme, asked.syllables, asked.language) == ("slant", 9, "clean")
    assert (asked.internal, asked.temperature, asked.seed, asked.top_p) == (True, 1.1, 42, 0.95)


def test_a_wish_that_cannot_be_is_marked_where_it_is_hidden(open_page, ready):
    page = open_page()
    page.get_by_text("More", exact=True).click()
    page.get_by_label("Temperature").fill("9")
    page.get_by_text("More", exact=True).click()

    ask(page)

    expect(page.get_by_text("Must be 0.1 to 2.")).to_be_visible()
    expect(page.get_by_label("Temperature")).to_be_focused()
