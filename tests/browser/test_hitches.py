"""What a visitor sees when a verse is refused, has to wait, is stopped or breaks off."""

import threading
from itertools import islice

from tests.browser.chromium import ask
from tests.webapp.site import WRITTEN
from webapp.lyricist import LyricistBusy

EVENTS = 4 + sum(len(bar.split()) for bar in WRITTEN[:2])  # the start and three whole bars


def test_stop_ends_the_verse_and_the_models_work(open_page, site, ready, gate, pictures):
    page = open_page()
    page.get_by_label("16", exact=True).check()
    ask(page)
    gate.let(EVENTS)
    page.locator(".bar.settled").nth(1).wait_for()
    page.screenshot(path=pictures / "streaming.png", full_page=True)

    page.get_by_role("button", name="Stop").click()

    page.get_by_text("Stopped.").wait_for()
    assert page.locator(".preview, .planned").count() == 0
    gate.open()
    assert site.lyricist.was_left.wait(10)
    assert page.get_by_role("button", name="Write the verse").is_enabled()


def test_what_is_wrong_stands_beside_its_field(open_page, ready, assert_accessible, pictures):
    page = open_page()

    ask(page, opening="привет мир")

    page.get_by_text("Must be in Latin script.").wait_for()
    field = page.get_by_label("Your first bar")
    assert field.get_attribute("aria-invalid") == "true"
    assert field.evaluate("element => element === document.activeElement")
    assert_accessible(page)
    page.screenshot(path=pictures / "refused.png")


def test_an_opening_that_fills_the_verse_is_told_beside_the_bars(open_page, ready):
    page = open_page()

    ask(page, opening="one\ntwo\nthree\nfour")

    page.get_by_text("Must be more than the 4 bars of the opening.").wait_for()
    assert page.evaluate("document.activeElement.value") == "4"
    assert page.get_by_text("4 of 4 bars, the longest has 5 of 120 characters.").is_visible()


def test_a_stream_that_ends_early_is_told(open_page, site, ready):
    whole = site.lyricist.write
    site.lyricist.write = lambda request, visitor: islice(whole(request), 12)
    page = open_page()

    ask(page)

    page.get_by_text("The connection was lost. Try again in a moment.").wait_for()
    page.get_by_text("The verse was not finished.").wait_for()
    assert page.get_by_role("button", name="Write the verse").is_enabled()


def test_the_place_in_the_queue_is_told(open_page, site, ready):
    seen = threading.Event()
    whole = site.lyricist.write

    def queued(request, visitor):
        yield {"event": "queued", "position": 2, "seconds": 8.4}
        seen.wait(10)
        yield from whole(request)

    site.lyricist.write = queued
    page = open_page()

    ask(page)

    page.get_by_text("You are second, about 9 seconds.").wait_for()
    seen.set()
    page.get_by_role("link", name="Its own page").wait_for()


def test_a_full_queue_is_told(open_page, site, ready):
    site.lyricist.refuses_with = LyricistBusy(12)
    page = open_page()

    ask(page)

    page.get_by_text("Try again in 12 s.").wait_for()
