"""A page that is loaded again in the middle of a verse, or in the queue."""

import threading

from playwright.sync_api import expect

from tests.browser.chromium import ask
from tests.webapp.site import OPENING, WRITTEN

TWO_BARS = 3 + len(WRITTEN[0].split())  # events: the start, the opening, a bar word by word


def words(page):
    return [bar.inner_text() for bar in page.locator(".bar .words").all()]


def test_a_reload_shows_what_was_written_and_goes_on(open_page, site, ready, gate, pictures, check):
    page = open_page()
    ask(page)
    gate.let(TWO_BARS)
    page.locator(".bar.settled").wait_for()

    page.reload()

    expect(page.locator(".bar .words").nth(1)).to_have_text(WRITTEN[0])
    check(page, "reloaded")
    gate.open()
    page.get_by_role("link", name="Its own page").wait_for()
    assert words(page) == [OPENING, *WRITTEN]
    assert site.lyricist.asked[1].kept == {1: WRITTEN[0]}
    page.reload()
    expect(page.get_by_text("It appears here, word by word.")).to_be_visible()


def test_the_rest_of_what_broke_off_is_offered(open_page, site, ready, check):
    whole = site.lyricist.write

    def breaks(request, visitor):
        site.lyricist.write = whole
        for _, event in zip(range(TWO_BARS), whole(request), strict=False):
            yield event
        yield {"event": "error", "code": "broken", "message": "It stopped.", "remedy": "Again."}

    site.lyricist.write = breaks
    page = open_page()
    ask(page)
    rest = page.get_by_role("button", name="Write the rest")
    rest.wait_for()
    check(page, "broken_off")

    site.world.switch.stop(ready.id, "ada")
    page.reload()

    page.get_by_text("This verse broke off: 2 of 4 bars were written.").wait_for()
    expect(rest).to_be_disabled()
    check(page, "broken_off_model_off")


def test_a_place_in_the_queue_is_told_kept_over_a_reload_and_freed(open_page, site, ready, check):
    wakes = threading.Event()

    def queued(request, visitor):
        site.lyricist.visitors.append(visitor)
        yield {"event": "queued", "position": 3, "seconds": 11.6}
        while not wakes.wait(0.05):
            yield {"event": "queued", "position": 3, "seconds": 11.6}

    site.lyricist.write = queued
    page = open_page()
    ask(page)
    page.get_by_text("You are third, about 12 seconds.").wait_for()
    check(page, "queued")

    page.reload()

    page.get_by_text("You are third, about 12 seconds.").wait_for()
    before, after = site.lyricist.visitors
    assert before == after  # by which the desk keeps the place
    page.get_by_role("button", name="Cancel").click()
    page.get_by_text("Cancelled. Your place is free.").wait_for()
    wakes.set()
    page.reload()
    expect(page.get_by_text("It appears here, word by word.")).to_be_visible()
    assert len(site.lyricist.visitors) == 2
