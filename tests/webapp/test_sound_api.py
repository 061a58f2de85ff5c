"""What can be heard in a visitor's bars, over HTTP."""

import pytest


def hear(visitor, text):
    return visitor.client.post("/api/sound", json={"text": text})


def test_each_bar_tells_its_syllables_and_its_rhyme(visitor):
    answer = hear(visitor, "I came up from the bottom with a pen and a plan\n\nStill I flow")

    first, second = answer.json["bars"]
    assert (first["syllables"], first["end"], first["rhyme"]) == (13, "plan", "an")
    assert (second["syllables"], second["stress"], second["rhyme"]) == (3, "111", "oh")
    assert first["guessed"] == []


def test_a_word_that_no_list_has_is_told_as_we_hear_it(visitor):
    (bar,) = hear(visitor, "We ride on the blorptastic").json["bars"]

    assert [each["word"] for each in bar["guessed"]] == ["blorptastic"]
    assert "-" in bar["guessed"][0]["said"]


@pytest.mark.parametrize("text", ["", "\n \n", "!!!", "\u202e", "<script>"])
def test_bars_without_words_are_no_error(visitor, text):
    assert hear(visitor, text).status_code == 200


@pytest.mark.parametrize("body", [{}, [], "x", {"text": 7}, {"text": "a" * 3000}])
def test_what_is_no_text_is_refused(visitor, body):
    answer = visitor.client.post("/api/sound", json=body)

    assert (answer.status_code, answer.json["fields"][0]["field"]) == (400, "text")


def test_a_corrected_word_is_heard_as_it_is_said(visitor):
    body = {"text": "Bajo la Lluvia", "sounds": {"lluvia": "you via", "gone": "on"}}

    (bar,) = visitor.client.post("/api/sound", json=body).json["bars"]

    assert bar["told"] == [{"word": "lluvia", "written": "Lluvia", "said": "yoo-VEYE-uh"}]
    assert (bar["text"], bar["end"], bar["rhyme"]) == ("Bajo la Lluvia", "lluvia", "eye-uh")
    assert [each["word"] for each in bar["guessed"]] == ["bajo"]


@pytest.mark.parametrize("sounds", [[], {"a": 7}, {"a": ""}, {"a": "!"}, {"a b": "c"}])
def test_a_sound_that_cannot_be_read_is_refused(visitor, sounds):
    answer = visitor.client.post("/api/sound", json={"text": "a", "sounds": sounds})

    assert (answer.status_code, answer.json["fields"][0]["field"]) == (400, "sounds")
