"""The demo as people use it: a host and a visitor in a real browser, with the real model."""

import os
from pathlib import Path

from tests.end_to_end.running_demo import OPENING, PASSWORD


def test_a_host_starts_the_model_a_visitor_watches_a_verse_and_the_host_stops_it(
    demo, browser, tmp_path
):
    pictures = Path(os.environ.get("PICTURES", tmp_path))
    host = browser.new_page(base_url=demo.address)
    host.goto("/signin")
    host.get_by_label("Password").fill(PASSWORD)
    host.get_by_role("button", name="Sign in").click()
    host.get_by_role("button", name="Start", exact=True).click()
    host.get_by_text("The model is starting").first.wait_for()
    visitor = browser.new_page(base_url=demo.address, viewport={"width": 1280, "height": 860})
    visitor.goto("/")
    host.get_by_text("The model is ready").first.wait_for(timeout=60_000)

    visitor.get_by_text("The model is ready").first.wait_for(timeout=20_000)
    visitor.get_by_label("Your first bar").fill(OPENING)
    visitor.get_by_role("button", name="Write the verse").click()
    visitor.locator(".bar.preview").first.wait_for(timeout=20_000)
    visitor.get_by_role("link", name="Its own page").wait_for(timeout=60_000)
    visitor.screenshot(path=pictures / "real_verse.png")
    words = [bar.inner_text() for bar in visitor.locator(".bar .words").all()]
    host.get_by_role("button", name="Stop").click()
    host.get_by_text("The model is off").first.wait_for(timeout=40_000)

    assert (len(words), words[0]) == (4, OPENING)
    assert demo.model() == []
