"""Without JavaScript: a form, the stream read on the server, a finished page."""

import pytest

from tests.webapp.site import OPENING
from webapp.lyricist import LyricistBusy, LyricistUnavailable


def test_without_javascript_the_form_leads_to_the_finished_verse(visitor, ready):
    answer = visitor.send("/verses", opening=OPENING, topic="", bars="4", scheme="AABB")

    page = visitor.client.get(answer.location).text
    assert answer.status_code == 303
    assert '<span class="end">man</span>' in page
    assert "rhymes with bar 1" in page


def test_without_javascript_a_bar_says_what_could_not_be_as_asked(visitor, site, ready):
    site.lyricist.notes = {1: "No perfect rhyme was found."}

    answer = visitor.send("/verses", opening=OPENING, topic="", bars="4", scheme="AABB")

    assert "No perfect rhyme was found." in visitor.client.get(answer.location).text


def test_without_javascript_a_bad_wish_shows_the_form_again_with_what_was_given(visitor, ready):
    answer = visitor.send("/verses", opening="", topic="", bars="four", scheme="AABB")

    assert answer.status_code == 400
    assert "Must be a whole number from 1 to 16." in answer.text
    assert "Give a topic or an opening bar." in answer.text


@pytest.mark.parametrize("bars", ["", "0", "-4", "17", "4.5", "9" * 5000])
def test_without_javascript_a_wrong_length_is_refused_beside_its_field(visitor, ready, bars):
    answer = visitor.send("/verses", opening=OPENING, topic="", bars=bars, scheme="AABB")

    assert (answer.status_code, "Must be a whole number" in answer.text) == (400, True)


@pytest.mark.parametrize(
    ("refusal", "status", "said"),
    [
        (LyricistBusy(17), 429, "Try again in 17 s."),
        (LyricistUnavailable("It restarts.", "Wait a moment."), 503, "It restarts. Wait a moment."),
    ],
)
def test_without_javascript_a_refusal_shows_the_form_again(
    visitor, site, ready, refusal, status, said
):
    site.lyricist.refuses_with = refusal

    answer = visitor.send("/verses", opening=OPENING, topic="", bars="4", scheme="AABB")

    assert answer.status_code == status
    assert said in answer.text and OPENING in answer.text


def test_without_javascript_a_verse_that_breaks_shows_what_there_is(visitor, site, ready):
    whole = site.lyricist.write

    def broken(request, visitor):
        yield from (event for event in whole(request) if event["event"] not in {"verse"})
        yield {"event": "error", "code": "broken", "message": "It stopped.", "remedy": "Again."}

    site.lyricist.write = broken
    answer = visitor.send("/verses", opening=OPENING, topic="", bars="4", scheme="AABB")

    assert answer.status_code == 503
    assert "It stopped. Again." in answer.text
    assert '<span class="end">man</span>' in answer.text


def test_without_javascript_an_off_model_keeps_what_was_given(visitor):
    answer = visitor.send("/verses", opening=OPENING, topic="", bars="8", scheme="ABAB")

    assert answer.status_code == 503
    assert "The model is off. Come back when the next demo is on." in answer.text
    assert OPENING in answer.text
    assert 'value="8" checked' in answer.text


def test_a_form_without_its_token_is_refused(visitor, ready):
    answer = visitor.client.post("/verses", data={"opening": OPENING})

    assert answer.status_code == 400
    assert "Load the page again" in answer.text


def test_a_verse_shows_markup_as_text(visitor, site, ready):
    answer = visitor.send(
        "/verses", opening="<b>bold</b> night", topic="<i>", bars="4", scheme="free"
    )

    page = visitor.client.get(answer.location).text
    assert "&lt;b&gt;bold&lt;/b&gt;" in page
    assert "<b>bold" not in page


def test_without_javascript_every_wish_reaches_the_model(visitor, site, ready):
    wishes = {"rhyme": "multi", "syllables": "9", "language": "mask", "internal": "yes"}
    numbers = {"temperature": "1.1", "top_p": "0.9", "seed": "42"}

    visitor.send("/verses", opening=OPENING, bars="4", scheme="AABB", **wishes, **numbers)

    (asked,) = site.lyricist.asked
    assert (asked.rhyme, asked.syllables, asked.language) == ("multi", 9, "mask")
    assert (asked.internal, asked.temperature, asked.top_p, asked.seed) == (True, 1.1, 0.9, 42)


def test_without_javascript_a_wrong_number_is_refused_beside_its_field(visitor, ready):
    answer = visitor.send("/verses", opening=OPENING, bars="4", scheme="AABB", temperature="hot")

    assert (answer.status_code, "Must be 0.1 to 2." in answer.text) == (400, True)


def test_without_javascript_words_may_be_corrected_one_a_line(visitor, site, ready):
    sounds = "pen = pin \r\n\r\nPlan = PLAWN"

    answer = visitor.send("/verses", opening=OPENING, bars="4", scheme="AABB", sounds=sounds)

    assert site.lyricist.asked[0].sounds.to_json() == {"pen": "P IH1 N", "plan": "P L AO1 N"}
    assert "“pen” as PIHN, “plan” as PLAWN." in visitor.client.get(answer.location).text


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("rain = drop", "“rain” is no word of your bars"),
        ("plan", "Say what “plan” sounds like."),
        ("plan = &lt;?", "We cannot say “&amp;lt;?”"),
    ],
)
def test_without_javascript_a_wrong_correction_is_refused_beside_its_field(
    visitor, ready, line, said
):
    answer = visitor.send("/verses", opening=OPENING, bars="4", scheme="AABB", sounds=line)

    assert (answer.status_code, said in answer.text) == (400, True)
    assert '<details class="more" open>' in answer.text
