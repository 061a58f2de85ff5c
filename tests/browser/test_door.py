"""What holds visitors back, and how they get on, in a real browser."""

from dataclasses import replace

from playwright.sync_api import expect

from tests.browser.chromium import ask
from tests.switch.wishes import wish
from tests.webapp.site import SETTINGS

PIN = "246810"


def plan(world):
    world.schedule.plan(wish(time="12:10", lead=10, pin=PIN), "ada")
    world.clock.pass_(minutes=6)
    world.switch.reconcile()


def test_a_pin_is_asked_for_once_and_loses_nothing_that_was_typed(
    open_page, site, ready, check, pictures
):
    page = open_page()
    field = page.get_by_label("PIN of this demo")
    expect(field).to_be_hidden()
    site.world.schedule.plan(wish(time="12:10", lead=10, pin=PIN), "ada")
    site.world.clock.pass_(seconds=2)

    ask(page)
    expect(page.locator("#pin-error")).to_have_text(
        "This demo has a PIN. Give the PIN that the host shows beside the QR code."
    )
    expect(field).to_be_focused()
    field.fill("135791")
    field.press("Enter")
    expect(page.locator("#pin-error")).to_contain_text("This is not the PIN of this demo.")
    check(page, "pin")
    field.fill(PIN)
    page.get_by_role("button", name="Write the verse").click()
    page.get_by_role("link", name="Its own page").wait_for()

    expect(field).to_be_hidden()
    assert len(site.lyricist.asked) == 1


def test_a_pin_without_javascript(open_page, site):
    plan(site.world)
    page = open_page(java_script_enabled=False)
    page.get_by_label("Topic").fill("rain")
    page.get_by_role("button", name="Write the verse").click()
    page.get_by_text("This demo has a PIN.").wait_for()
    page.get_by_label("PIN of this demo").fill(PIN)
    page.get_by_role("button", name="Write the verse").click()

    page.wait_for_url("**/verses/*")
    assert site.lyricist.asked[0].topic == "rain"


def test_a_hosts_wall_shows_the_pin(open_page, signed_in, site, check, pictures):
    plan(site.world)
    page = signed_in(viewport={"width": 1920, "height": 1080})
    page.goto("/wall")

    expect(page.locator("#wall-pin")).to_have_text(f"PIN {PIN}")
    page.screenshot(path=pictures / "wall_pin.png")
    check(page, "wall_pin")
    page.goto("/host/demos")
    check(page, "demos_pin")


def test_who_asks_for_many_verses_is_told_when_to_go_on(open_page, site, ready):
    site.app.extensions["deep_hop_settings"] = replace(SETTINGS, most_verses=1)
    page = open_page()
    ask(page)
    page.get_by_role("link", name="Its own page").wait_for()
    page.get_by_role("button", name="Write the verse").click()

    expect(page.locator("#said")).to_have_text(
        "You have asked for many verses. Try again in 15 minutes."
    )
    page.get_by_role("link", name="Its own page").wait_for()
