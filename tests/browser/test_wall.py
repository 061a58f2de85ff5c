"""The projector's page in a real browser."""

import pytest
from playwright.sync_api import expect

from tests.browser.chromium import ask
from tests.switch.wishes import wish
from tests.webapp.site import OPENING, WRITTEN

PROJECTOR = {"viewport": {"width": 1920, "height": 1080}}


@pytest.fixture
def written(open_page, site, ready):
    """A verse that its writer wants to be seen."""
    site.world.wall._clock = site.world.clock
    page = open_page()
    page.get_by_label("Show it on the wall").check()
    ask(page)
    page.get_by_role("link", name="Its own page").wait_for()
    site.world.clock.pass_(seconds=3)


def test_verses_appear_on_the_wall(written, open_page, pictures, assert_accessible):
    page = open_page("/wall", **PROJECTOR)

    card = page.locator("article")
    expect(card.locator(".words").first).to_have_text(OPENING)
    expect(card.locator(".words").nth(1)).to_have_text(WRITTEN[0])
    first, second = (card.locator(".end").nth(n) for n in (0, 1))
    color = "element => getComputedStyle(element).color"
    assert first.evaluate(color) == second.evaluate(color)
    assert_accessible(page)
    page.screenshot(path=pictures / "wall.png")


def test_a_host_runs_the_wall_by_keys(written, signed_in, site, pictures, assert_accessible):
    page = signed_in(**PROJECTOR)
    page.goto("/wall")
    page.locator("article").wait_for()
    assert_accessible(page)
    page.screenshot(path=pictures / "wall_host.png")

    page.keyboard.press("p")
    page.get_by_text("(pinned)").wait_for()
    page.keyboard.press("h")
    expect(page.locator("article")).to_have_count(0)


def test_a_lost_network_comes_back_by_itself(written, open_page):
    page = open_page("/wall", **PROJECTOR)
    page.locator("article").wait_for()
    page.context.set_offline(True)
    page.wait_for_timeout(2500)
    expect(page.locator("article")).to_have_count(1)

    page.context.set_offline(False)
    with page.expect_response("**/api/wall") as answer:
        pass
    assert answer.value.ok


def test_before_the_demo_the_wall_counts_down(open_page, site, pictures, assert_accessible):
    site.world.schedule.plan(wish(), "ada")
    page = open_page("/wall", viewport={"width": 360, "height": 740})

    expect(page.locator("#wall-state")).to_contain_text("Rap night")
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert_accessible(page)
    page.screenshot(path=pictures / "wall_phone.png")
