"""A verse read aloud with a beat: what is seen of it, and what a voice is asked to say."""

import pytest
from playwright.sync_api import expect

from bars.verse import VerseRequest
from tests.browser.chromium import ask
from tests.webapp.site import OPENING, WRITTEN, FakeLyricist

# a voice that says when it is done, and beats that come when they are called
READ = """async (beats) => {
  const { reader } = await import("/static/reader.js");
  const said = [], marked = [], numbers = [];
  let speaking = false, ended = 0;
  const voice = {
    isSpeaking: () => speaking,
    say: (text, syllables, seconds) => said.push([text, syllables, seconds]),
    hush: () => (speaking = false),
  };
  const list = document.getElementById("verse");
  const reading = reader(list, voice, () => { ended += 1; reading.stop(); });
  for (const beat of beats) {
    speaking = beat === "speaking";
    numbers.push(reading.beat(0.5));
    marked.push([...list.children].findIndex((row) => row.ariaCurrent === "true"));
  }
  reading.stop();
  return { said, marked, numbers, ended, left: list.querySelectorAll(".read").length };
}"""
# browsers' voices, and what is said to them; each bar takes `took` milliseconds
SPEAK = """async ({ voices, bars }) => {
  const { browserVoice } = await import("/static/voice.js");
  const said = [];
  class Utterance { constructor(text) { this.text = text; } }
  const synthesis = {
    getVoices: () => voices,
    speak: (utterance) => said.push(utterance),
    cancel: () => said.push("hushed"),
  };
  const voice = browserVoice(synthesis, Utterance);
  for (const [text, syllables, seconds] of bars) {
    voice.say(text, syllables, seconds);
    said.at(-1)?.onstart?.();
    said.at(-1)?.onend?.();
  }
  const rates = said.map(({ text, rate, voice }) => [text, rate, voice.name]);
  return { rates, there: voice.isThere(), speaking: voice.isSpeaking() };
}"""
OURS = {"name": "ours", "lang": "en-GB", "localService": True}
GERMAN = {"name": "german", "lang": "de-DE", "localService": True}
FAR = {"name": "far", "lang": "en-US", "localService": False}


@pytest.fixture
def open_verse(open_page, site):
    def open_(bars):
        lyricist = FakeLyricist([WRITTEN[0], "The l**** go low", WRITTEN[2]])
        request = VerseRequest.from_json({"opening": [OPENING], "scheme": "AABB", "bars": bars})
        verse_id = site.world.verses.save(request, list(lyricist.write(request)))
        return open_page(f"/verses/{verse_id}")

    return open_


@pytest.fixture
def page(open_verse):
    return open_verse(4)


def test_a_bar_takes_four_beats(page):
    read = page.evaluate(READ, ["silent"] * 17)

    assert read["marked"] == [0] * 4 + [1] * 4 + [2] * 4 + [3] * 4 + [-1]
    assert read["numbers"][:16] == [0, 1, 2, 3] * 4
    assert (read["ended"], read["left"]) == (1, 0)
    assert [words for words, *_ in read["said"]] == [
        OPENING,
        WRITTEN[0],
        "The bleep go low",
        WRITTEN[2],
    ]
    assert read["said"][0][1:] == [13, 2]  # its syllables in so many seconds


def test_a_voice_that_needs_longer_is_waited_for_a_bar_at_most(page):
    read = page.evaluate(READ, ["silent"] * 4 + ["speaking"] + ["silent"] * 4 + ["speaking"] * 5)

    assert read["marked"] == [0] * 5 + [1] * 8 + [2]


def test_the_voice_is_the_machines_own_and_its_rate_has_bounds(page):
    bars = [["slow", 2, 4], ["usual", 9, 2], ["fast", 30, 1]]
    told = page.evaluate(SPEAK, {"voices": [FAR, GERMAN, OURS], "bars": bars})

    assert [name for *_, name in told["rates"]] == ["ours"] * 3
    slow, usual, fast = (rate for _, rate, _ in told["rates"])
    assert (slow, fast) == (0.6, 2)
    assert slow < usual < fast
    assert told["there"] and not told["speaking"]


@pytest.mark.parametrize("voices", [[], [FAR]])
def test_words_are_sent_to_no_voice_elsewhere(page, voices):
    told = page.evaluate(SPEAK, {"voices": voices, "bars": [["so", 1, 2]]})

    assert told == {"rates": [], "there": False, "speaking": False}


def test_without_a_voice_the_beat_goes_on_until_it_is_stopped(open_verse, check):
    page = open_verse(16)
    tempo = page.get_by_label("Tempo (bpm)")
    tempo.fill("999")
    read = page.get_by_role("button", name="Read aloud")
    read.focus()
    page.keyboard.press("Enter")

    expect(read).to_have_attribute("aria-pressed", "true")
    expect(tempo).to_have_value("180")
    expect(page.get_by_text("This browser has no voice of its own")).to_be_visible()
    expect(page.locator(".beats .on")).to_have_count(1)
    expect(page.locator(".bar").nth(1)).to_have_attribute("aria-current", "true")
    tempo.fill("60")  # slow enough to be looked at
    tempo.press("Tab")
    check(page, "read_aloud")
    page.get_by_role("button", name="Stop reading").press("Enter")

    expect(read).to_have_attribute("aria-pressed", "false")
    expect(read).to_be_focused()
    expect(page.locator(".bar.read, .beats .on")).to_have_count(0)


def test_a_verse_just_written_is_read_until_another_is_written(open_page, ready):
    page = open_page()
    ask(page)
    read = page.get_by_role("button", name="Read aloud")
    read.click()
    expect(page.locator(".bar.read")).to_have_count(1)

    page.get_by_role("button", name="Write it again").click()

    expect(page.locator("#read")).to_have_attribute("aria-pressed", "false")
    expect(page.locator(".bar.read")).to_have_count(0)
