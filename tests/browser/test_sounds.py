"""A word that no list has, said in the visitor's way."""

from playwright.sync_api import expect

from tests.browser.chromium import ask

LLUVIA = "Walking home in the lluvia"


def test_a_word_is_corrected_and_the_verse_is_asked_for_so(open_page, site, ready, check):
    page = open_page()
    bars, word = page.locator("#heard li").first, page.locator("[data-word=lluvia]")
    page.get_by_label("Your first bar").fill(LLUVIA)
    expect(word).to_contain_text("We hear “lluvia” as LOO-vee-uh.")

    page.get_by_role("button", name="Not so? Say what “lluvia” sounds like").press("Enter")
    expect(page.get_by_label("“lluvia” sounds like", exact=True)).to_be_focused()
    page.keyboard.type("rain")
    expect(word).to_contain_text("We say “lluvia” your way: RAYN.")
    expect(bars).to_have_text("6 syllables, rhymes on “ayn” (lluvia).")
    check(page, "sounds")

    page.keyboard.press("Enter")  # asks for no verse yet
    page.get_by_label("Topic").fill("rain")
    page.get_by_role("button", name="Write the verse").click()
    page.get_by_role("link", name="Its own page").click()
    expect(page.get_by_text("As its writer says it: “lluvia” as RAYN.")).to_be_visible()
    (asked,) = site.lyricist.asked
    assert asked.sounds.to_json() == {"lluvia": "R EY1 N"}


def test_what_cannot_be_said_is_told_by_the_word_and_what_is_gone_is_not_sent(
    open_page, site, ready, check
):
    page = open_page()
    word = page.locator("[data-word=lluvia]")
    page.get_by_label("Your first bar").fill(LLUVIA)
    word.get_by_role("button").click()
    like = page.get_by_label("“lluvia” sounds like", exact=True)
    like.fill("?!")
    expect(word.get_by_role("alert")).to_contain_text("We cannot say “?!”")
    check(page, "sounds_refused")

    like.fill("")
    expect(word).to_contain_text("We hear “lluvia” as LOO-vee-uh.")
    like.fill("rain")
    expect(word).to_contain_text("RAYN")
    like.press("Escape")
    expect(like).to_be_hidden()
    expect(word.get_by_role("button")).to_be_focused()
    ask(page, "Walking home in the lluvias")
    page.get_by_role("link", name="Its own page").wait_for()
    assert not site.lyricist.asked[0].sounds
