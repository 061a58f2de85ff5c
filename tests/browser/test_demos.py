"""Hosts plan demos and visitors read of them, in a real browser."""

from playwright.sync_api import expect

from tests.browser.chromium import state
from tests.switch.wishes import BERLIN, wish


def test_a_host_plans_changes_and_cancels_a_demo(signed_in, site, check):
    page = signed_in(timezone_id="America/New_York")
    page.get_by_role("link", name="Demos").click()
    expect(page.get_by_label("Time zone")).to_have_value("America/New_York")
    check(page, "demos_empty")

    page.get_by_label("Title").fill("Rap night")
    page.get_by_label("Date").fill("2026-06-04")
    page.get_by_label("Time", exact=True).fill("19:00")
    page.get_by_label("Time zone").fill("Europe/Berlin")
    page.get_by_label("Every week until").fill("2026-06-18")
    page.get_by_role("button", name="Plan it").click()

    cards = page.locator("li.card")
    assert cards.count() == 3
    first = cards.first.inner_text()
    assert "Thu 4 Jun 2026, 19:00 to 19:45, Berlin time" in first
    assert "13:00 where you are" in first
    check(page, "demos")

    cards.nth(1).get_by_role("button", name="Cancel").click()
    page.get_by_text("Cancelled.").wait_for()
    assert page.locator("li.card").count() == 2
    page.get_by_role("link", name="Change Rap night").first.click()
    check(page, "demo_change")
    page.get_by_label("Time", exact=True).fill("20:00")
    page.get_by_role("button", name="Save").click()
    page.get_by_text("20:00 to 20:45").first.wait_for()

    assert [each.starts.hour for each in site.world.schedule.upcoming()] == [18, 18]


def test_wrong_fields_are_marked_and_what_was_typed_stays(signed_in, check):
    page = signed_in()
    page.goto("/host/demos")
    page.get_by_label("Title").fill("Late show")
    page.get_by_label("Date").fill("2027-03-28")
    page.get_by_label("Time", exact=True).fill("02:30")
    page.get_by_label("Time zone").fill("Europe/Berlin")
    page.get_by_role("button", name="Plan it").click()

    page.get_by_text("does not exist on 2027-03-28 in Europe/Berlin").wait_for()
    assert page.get_by_label("Title").input_value() == "Late show"
    page.get_by_label("Date").fill("2026-10-25")
    page.get_by_role("button", name="Plan it").click()
    page.get_by_text("02:30 comes twice on 2026-10-25").wait_for()
    check(page, "demos_asked")
    page.get_by_label("the second").check()
    page.get_by_role("button", name="Plan it").click()

    page.get_by_text("Planned: Late show").wait_for()


def test_visitors_read_when_the_next_demo_is(open_page, site, check):
    site.world.schedule.plan(wish(date="2026-06-02", time="19:00", **BERLIN), "host")

    page = open_page(timezone_id="Asia/Tokyo", locale="en-GB")

    state(page, "The model is off").wait_for()
    off = page.locator(".next-demo")
    assert "Next demo: Rap night, Tue 2 Jun 2026, 19:00 to 19:45, Berlin time" in off.inner_text()
    assert "03 Jun, 02:00 where you are" in off.inner_text().replace("3 Jun", "03 Jun")
    check(page, "visitor_next_demo")
    with page.expect_download() as download:
        page.get_by_role("link", name="Add it to your calendar").click()
    assert "SUMMARY:Rap night" in download.value.path().read_text()
