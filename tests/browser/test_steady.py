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


# on a phone, bars take more lines than were planned for, and push those below
@pytest.mark.parametrize(("size", "most"), [(PHONE, 0.25), (DESKTOP, 0.1)], ids=["phone", "desk"])
def test_a_verse_that_streams_in_moves_little(open_page, ready, size, most):
    page = open_page(viewport=size)

    ask(page)
    page.get_by_role("link", name="Its own page").wait_for()

    assert shift(page) < most
