"""Working on a finished verse: keeping bars, other bars, editing, going on."""

import threading

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import ask
from tests.webapp.site import OPENING, WRITTEN
from webapp.lyricist import LyricistBusy


@pytest.fixture
def page(open_page, ready):
    made = open_page()
    ask(made)
    made.get_by_role("link", name="Its own page").wait_for()
    return made


def words(page):
    return [bar.inner_text() for bar in page.locator(".bar .words").all()]


def finished(page, site, verses=2):
    """Wait for so many verses since the page was opened, and return the last wish."""
    expect(page.locator("#stop")).to_be_hidden()
    while len(site.lyricist.asked) < verses:
        page.wait_for_timeout(50)
    expect(page.locator("#stop")).to_be_hidden()
    expect(page.locator("#progress")).to_contain_text("Written in")
    return site.lyricist.asked[-1]


def test_kept_bars_stand_and_the_others_are_written_again(page, site, pictures, assert_accessible):
    page.get_by_role("button", name="Keep bar 3").click()
    assert_accessible(page)
    page.screenshot(path=pictures / "rework.png", full_page=True)
    page.get_by_role("button", name="Write the others again").click()
    asked = finished(page, site)

    assert asked.kept == {2: WRITTEN[1]}
    assert asked.seed is None
    assert words(page)[2] == WRITTEN[1]
    expect(page.get_by_role("button", name="Keep bar 3")).to_have_attribute("aria-pressed", "true")
    assert "given" not in page.locator(".bar").nth(2).get_attribute("class")


def test_another_bar_is_chosen_and_the_verse_kept(page, site, assert_accessible, check):
    page.get_by_role("button", name="Other bars for place 4").click()
    others = page.locator(".others button")
    expect(others).to_have_count(5)  # and to leave it
    assert_accessible(page)
    asked = site.lyricist.asked[-1]
    assert (asked.alternatives.bar, asked.alternatives.count) == (3, 4)
    chosen = others.nth(1).inner_text()
    others.nth(1).click()

    expect(page.locator(".bar").nth(3).locator(".words")).to_have_text(chosen)
    page.get_by_role("button", name="Keep it as it is now").click()
    page.get_by_role("link", name="Its own page").click()
    page.wait_for_url("**/verses/*")
    assert words(page)[3] == chosen
    expect(page.get_by_text("A visitor chose and edited these bars.")).to_be_visible()
    check(page, "edited")


def test_a_bar_is_edited_by_hand_and_heard_anew(page, assert_accessible):
    page.get_by_role("button", name="Edit bar 2").click()
    field = page.get_by_label("Words of bar 2")
    expect(field).to_be_focused()
    assert_accessible(page)
    field.fill("Water")
    heard = page.locator(".edit [role=status]")
    expect(heard).to_have_text(
        "2 of 13 syllables, does not rhyme with bar 1, 11 syllables short, no rhyme."
    )
    assert_accessible(page)
    field.press("Enter")

    second = page.locator(".bar").nth(1)
    expect(second.locator(".number")).to_have_text("2")
    expect(second.locator(".how")).to_have_text("does not rhyme with bar 1")
    expect(page.get_by_role("button", name="Keep bar 2")).to_have_attribute("aria-pressed", "true")


def test_an_edit_that_cannot_be_is_told_and_changes_nothing(page):
    page.get_by_role("button", name="Edit bar 2").click()
    page.get_by_label("Words of bar 2").fill("!!!")
    page.get_by_role("button", name="Save").click()

    expect(page.locator("#rework-said")).to_contain_text("at least one word")
    page.get_by_role("button", name="Cancel the change").click()
    expect(page.locator(".bar").nth(1).locator(".words")).to_have_text(WRITTEN[0])


def test_a_verse_is_gone_on_with(page, site):
    page.get_by_role("button", name="Go on").click()
    expect(page.locator(".bar.settled, .bar.given")).to_have_count(8)
    asked = finished(page, site)

    assert (asked.bars, asked.kept) == (8, dict(enumerate(WRITTEN, start=1)))
    assert words(page)[:4] == [OPENING, *WRITTEN]


def test_a_rewrite_that_comes_to_nothing_leaves_the_verse(page, site):
    page.get_by_role("button", name="Edit bar 2").click()
    page.get_by_label("Words of bar 2").fill("I made a plan")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".bar").nth(1).locator(".words")).to_have_text("I made a plan")
    site.lyricist.refuses_with = LyricistBusy(17)

    page.get_by_role("button", name="Write the others again").click()

    expect(page.locator("#said")).to_contain_text("Try again in 17 s.")
    assert words(page)[1] == "I made a plan"
    expect(page.get_by_role("button", name="Keep it as it is now")).to_be_visible()
    expect(page.get_by_role("button", name="Write the others again")).to_be_enabled()


def test_a_rewrite_that_is_stopped_leaves_the_verse(page, site):
    gate = threading.Event()
    site.lyricist.before_each = lambda: gate.wait(5)
    page.get_by_role("button", name="Write it again").click()
    page.get_by_role("button", name="Stop").click()
    gate.set()

    expect(page.locator("#progress")).to_have_text("Stopped.")
    assert words(page) == [OPENING, *WRITTEN]


def test_an_edited_opening_goes_into_the_next_wish(page, site):
    page.get_by_role("button", name="Edit bar 1").click()
    page.get_by_label("Words of bar 1").fill("I came down with a brand new plan")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".bar").first.locator(".words")).to_have_text(
        "I came down with a brand new plan"
    )

    page.get_by_role("button", name="Write it again").click()
    asked = finished(page, site)

    assert (asked.opening, asked.kept) == (("I came down with a brand new plan",), {})
    expect(page.get_by_role("button", name="Keep bar 1")).to_have_count(0)


def test_cancelling_an_edit_changes_nothing(page):
    page.get_by_role("button", name="Edit bar 2").click()
    page.get_by_role("button", name="Cancel the change").click()

    expect(page.get_by_role("link", name="Its own page")).to_be_visible()
    expect(page.get_by_role("button", name="Keep it as it is now")).to_be_hidden()
