"""How a verse is shown in a real browser: badges, stresses, rhymes inside the bars."""

import pytest
from playwright.sync_api import expect

from bars.verse import VerseRequest
from tests.browser.chromium import ask
from tests.webapp.site import OPENING, FakeLyricist

BARS = [
    "The city lights are low and I still flow with a plan",
    "Look at the pity of this city",
    "I write late at night by a light in the window",
]


@pytest.fixture
def kept(site):
    """A page of a verse whose bars miss their aims and rhyme inside."""
    wish = {"opening": [OPENING], "syllables": 12, "topic": "the city at night", "scheme": "AABB"}
    request = VerseRequest.from_json(wish)
    return f"/verses/{site.world.verses.save(request, list(FakeLyricist(BARS).write(request)))}"


def test_a_page_of_its_own_tells_what_its_bars_missed(open_page, kept, check):
    page = open_page(kept)

    expect(page.locator(".bar").nth(2).locator(".badge")).to_have_text(["3 syllables short"])
    expect(page.locator(".bar").nth(0).locator(".badge")).to_have_count(0)
    strong = page.locator(".stress .strong").first.bounding_box()
    weak = page.locator(".stress .weak").first.bounding_box()
    assert strong["width"] > weak["width"]
    check(page, "sheet")

    page.get_by_role("link", name="Show inner rhymes").click()
    marked = page.locator(".inner", has_text="city")
    expect(marked).to_have_count(2)
    assert marked.first.evaluate("mark => getComputedStyle(mark, '::after').content").startswith(
        '"B"'
    )
    check(page, "sheet_inner")
    page.get_by_role("link", name="Hide inner rhymes").click()
    expect(page.locator(".inner")).to_have_count(0)


def test_a_verse_as_it_is_written_shows_the_same(open_page, site, ready, check):
    site.lyricist.bars = BARS
    page = open_page()
    page.get_by_label("Syllables in a bar").select_option("12")
    ask(page)
    inner = page.get_by_role("button", name="Show inner rhymes")
    inner.click()

    third = page.locator(".bar").nth(2)
    expect(third.locator(".badge")).to_have_text(["3 syllables short"])
    expect(third.locator(".count")).to_have_text("9 of 12 syll.")
    expect(page.locator(".bar").nth(0).locator(".count")).to_have_text("13 syll.")
    expect(page.locator(".stress").nth(2).locator("i")).to_have_count(9)
    expect(page.locator(".inner", has_text="city")).to_have_count(2)
    expect(page.locator("#inner-told")).to_contain_text("city, pity (B)")
    check(page, "sheet_live")

    page.get_by_role("button", name="Edit bar 3").click()
    page.get_by_label("Words of bar 3").fill("There is a window")
    page.get_by_label("Words of bar 3").press("Enter")
    expect(page.locator(".inner", has_text="city")).to_have_count(0)
    expect(page.locator(".inner", has_text="flow")).to_have_count(1)
    inner.click()
    expect(page.locator(".inner")).to_have_count(0)
    expect(third.locator(".words")).to_have_text("There is a window")
