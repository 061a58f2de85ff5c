"""What a host sees and does, in a real browser."""

import pytest

from tests.browser.chromium import state

PHONE = {"viewport": {"width": 360, "height": 740}}


def test_a_host_starts_watches_extends_and_stops(signed_in, site, pictures, assert_accessible):
    page = signed_in()
    assert page.get_by_label("For how many minutes?").input_value() == "30"

    page.get_by_role("button", name="Start").click()
    state(page, "The model is starting").wait_for()
    assert_accessible(page)
    page.screenshot(path=pictures / "host_starting.png")
    site.world.clock.pass_(minutes=5)
    state(page, "The model is ready").wait_for()
    assert page.get_by_text("25 min left").first.is_visible()
    page.get_by_role("button", name="+ 15 min").click()
    page.get_by_text("40 min left").first.wait_for()
    page.screenshot(path=pictures / "host_ready.png")
    assert_accessible(page)
    page.get_by_role("button", name="Stop").click()
    state(page, "The model is switching off").wait_for()
    site.world.clock.pass_(minutes=1)
    state(page, "The model is off").wait_for()

    assert site.world.sagemaker.calls == ["create", "delete"]


def test_what_the_host_types_is_not_swept_away(signed_in, site, ready):
    page = signed_in()
    more = page.get_by_label("Minutes more")
    more.fill("42")

    site.world.clock.pass_(minutes=1)
    page.wait_for_timeout(4500)

    assert more.input_value() == "42"


def test_a_failed_start_says_why_and_what_to_do(signed_in, site, pictures, assert_accessible):
    site.world.sagemaker.fails_with = "did not pass the ping health check"
    site.world.switch.start(30, "ada", "talk")
    for _ in range(2):
        site.world.clock.pass_(minutes=5)
        site.world.switch.reconcile()

    page = signed_in()

    assert state(page, "The model could not be started").is_visible()
    assert page.get_by_text("Look into the endpoint's log").first.is_visible()
    assert_accessible(page)
    page.screenshot(path=pictures / "host_failed.png")


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_switch_on_a_phone(signed_in, ready, pictures, assert_accessible, scheme):
    page = signed_in(**PHONE, color_scheme=scheme)

    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert_accessible(page)
    page.screenshot(path=pictures / f"host_phone_{scheme}.png", full_page=True)


def test_the_switch_without_javascript(signed_in, site):
    page = signed_in(java_script_enabled=False)

    page.get_by_role("button", name="Start").click()
    state(page, "The model is starting").wait_for()
    page.get_by_role("button", name="Stop").click()

    state(page, "The model is switching off").wait_for()
    assert site.world.switch.live_leases() == []


def test_a_wrong_password_is_told(open_page, assert_accessible):
    page = open_page("/signin")
    page.get_by_label("Password").fill("guess")

    page.get_by_role("button", name="Sign in").click()

    page.get_by_text("This is not the host's password.").wait_for()
    assert_accessible(page)
