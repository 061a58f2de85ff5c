"""Nothing on a page moves by itself while somebody reads it (Cumulative Layout Shift, web.dev)."""

import pytest

from tests.browser.chromium import ask
from tests.browser.conftest import DESKTOP, PHONE

MOST = 0.02  # web.dev calls 0.1 good; the wall's verses come after its page
WATCH = """() => new Promise(done => {
  let sum = 0;
  new PerformanceObserver(list => list.getEntries().forEach(e => {
    if (!e.hadRecentInput) sum += e.value;
  })).observe({ type: "layout-shift", buffered: true });
  setTimeout(() => done(sum), 300);
})"""


def shift(page):
    page.wait_for_load_state("networkidle")
    return page.evaluate(WATCH)


@pytest.mark.parametrize("size", [PHONE, DESKTOP], ids=["phone", "desk"])
def test_pages_stand_still_once_they_are_shown(signed_in, ready, size):
    page = signed_in(viewport=size)

    moved = {}
    for path in ("/", "/host", "/demos", "/host/history", "/wall", "/privacy"):
        page.goto(path)
        moved[path] = shift(page)

    assert max(moved.values()) < MOST, moved


def test_a_verse_that_streams_in_moves_little_on_a_desk(open_page, ready):
    page = open_page(viewport=DESKTOP)

    ask(page)
    page.get_by_role("link", name="Its own page").wait_for()

    assert shift(page) < 0.1


def test_the_first_page_is_light(open_page, ready):
    page = open_page()
    page.wait_for_load_state("networkidle")

    weights = page.evaluate(
        "Object.fromEntries([...performance.getEntriesByType('navigation'), "
        "...performance.getEntriesByType('resource')].map(e => [e.name, e.decodedBodySize]))"
    )
    assert len(weights) > 5
    assert sum(weights.values()) < 100_000, weights  # bytes, not compressed
