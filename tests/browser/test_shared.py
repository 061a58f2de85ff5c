"""What a visitor reads while no verse can be written."""

from bars.verse import VerseRequest


def test_verses_written_before_are_read_and_reported(open_page, site, check):
    for topic, bars in (("rain", 4), ("", 16), ("Donaudampfschifffahrtsgesellschaft" * 3, 8)):
        wish = {
            "topic": topic,
            "bars": bars,
            "opening": "a" * 60 + " line that is longer than most",
        }
        request = VerseRequest.from_json(wish)
        events = list(site.lyricist.write(request))
        site.world.clock.pass_(seconds=1)
        site.world.shared.share(site.world.verses.save(request, events, owner=topic))

    page = open_page()
    check(page, "visitor_off_shared")
    assert page.locator(".shelf article").count() == 3
    page.get_by_role("button", name="Report: rain").click()

    page.get_by_text("Thank you. The hosts are told.").wait_for()
    page.goto("/")
    assert page.locator(".shelf article").count() == 2
