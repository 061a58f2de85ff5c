"""Words as a visitor says them: how that is written, and what is then heard."""

import pytest

from bars.analysis import describe_bar
from bars.meter import stress, syllables
from bars.plan import plan_verse
from bars.prompt import render_planned, render_prompt
from bars.pronunciation import Source, hear
from bars.rhyme import rhyme, rhymes_strictly
from bars.rhyme_rules import RhymeKind
from bars.sounded import bare
from bars.sounds import AS_LISTED, Sounds
from bars.sounds_like import read_sound
from bars.text import last_word, tidy, words_of
from bars.verse import RequestRefused, VerseRequest
from bars.verse_sound import hear_stanza, line_end

BAR = "Bajo la lluvia"
ALIVE = Sounds((("lluvia", tuple(["Y", "UW2", "V", "AY1", "V"])),))
RAIN = Sounds((("lluvia", tuple(["R", "EY1", "N"])),))


@pytest.mark.parametrize(
    ("text", "sounds"),
    [
        ("LOO-vee-ah", "L UW1 V IY0 AA0"),
        ("you via", "Y UW0 V AY1 AH0"),
        ("loo vee ah", "L UW1 V IY0 AA0"),
        ("Y UW1 V IY0 AH0", "Y UW1 V IY0 AH0"),
        ("y uw1 v iy0 ah0", "Y UW1 V IY0 AH0"),
        ("rain", "R EY1 N"),
        ("RAYN", "R EY1 N"),
        ("low", "L OW1"),
        ("Low", "L OW1"),
        ("so-low", "S OW1 L OW0"),
        ("24", "T W EH1 N T IY0 F AO0 R"),
        ("", ""),
        ("!?", ""),
        ("skrxq", ""),
    ],
)
def test_a_sound_is_written_as_syllables_as_words_or_in_arpabet(text, sounds):
    assert read_sound(text) == tuple(sounds.split())


def test_words_in_no_list_are_guessed_like_any_other():
    assert read_sound("yoovia") == hear("yoovia").pronunciations[0]


def test_a_corrected_word_is_heard_as_it_is_told():
    bar = ALIVE.on(BAR)

    assert (hear(last_word(bar)).source, hear(last_word(bar)).known) == (Source.TOLD, True)
    assert syllables(bar).low == syllables("Bajo la").low + 2
    assert stress(bar).endswith("11")
    assert rhyme(bar, "Stay alive").kind is RhymeKind.PERFECT
    assert rhymes_strictly(last_word(bar), "alive")


def test_it_is_written_as_before():
    assert bare(ALIVE.on("La Lluvia, lluvia!")) == "La lluvia, lluvia!"


@pytest.mark.parametrize(
    ("bar", "words"),
    [
        ("LLUVIA FALLS", ["lluvia", "falls"]),
        ("Llúvia-road", ["lluvia", "road"]),
        ("lluvias", ["lluvias"]),
        ("no rain", ["no", "rain"]),
    ],
)
def test_it_is_found_however_it_is_written_and_nothing_else_is(bar, words):
    heard = RAIN.on(bar)

    assert [bare(word) for word in words_of(heard)] == words
    assert (heard != bar) == ("lluvia" in words)
    assert RAIN.on(heard) == heard


def test_two_visitors_do_not_disturb_each_other():
    ends = ["alive", "train"] * 2

    kinds = [
        rhyme(sounds.on(BAR), end).kind
        for end, sounds in zip(ends, (ALIVE, RAIN, RAIN, ALIVE), strict=True)
    ]

    assert kinds == [RhymeKind.PERFECT, RhymeKind.PERFECT, kinds[2], kinds[3]]
    assert RhymeKind.PERFECT not in kinds[2:]
    assert hear("lluvia").source is Source.PREDICTION


def test_a_stanza_hears_the_sounds_that_its_lines_carry():
    lines = [RAIN.on(line) for line in (BAR, "Driving on the train")]

    assert hear_stanza(lines).scheme == "AA"
    assert line_end(lines[0]).count("lluvia") == 1


def test_the_plan_and_the_prompt_count_a_word_as_it_is_told():
    body = {"opening": [BAR], "bars": 2, "scheme": "AA"}
    told = VerseRequest.from_json(body | {"sounds": {"lluvia": "rain"}})
    plain = VerseRequest.from_json(body)

    assert plan_verse(told)[0].target == plan_verse(plain)[0].target - 2
    assert f"A {plan_verse(told)[0].target} lluvia\n{BAR}\n" in render_planned(told, [BAR], True)
    assert render_prompt(told, [BAR]) == render_prompt(plain, [BAR])


def test_a_finished_bar_tells_what_was_heard():
    request = VerseRequest.from_json(
        {"opening": [BAR], "bars": 2, "scheme": "AA", "sounds": {"lluvia": "rain"}}
    )
    plan = plan_verse(request)

    first = describe_bar(BAR, plan[0], {0: BAR}, sounds=request.sounds)
    second = describe_bar("On the train", plan[1], {0: BAR}, 8, sounds=request.sounds)

    assert (first.text, first.words[-1].text, first.words[-1].phonemes) == (
        BAR,
        "lluvia",
        "R EY1 N",
    )
    assert second.rhyme.kind == "perfect"
    assert describe_bar("On the train", plan[1], {0: BAR}, 8).rhyme.kind == "none"


def test_a_request_survives_its_own_json_with_its_sounds():
    request = VerseRequest.from_json(
        {
            "opening": "La Lluvia",
            "keep": {"2": "Skrrt on the blorp"},
            "sounds": {"Lluvia": "you via", "blorp": "BLAWRP"},
        }
    )

    assert request.to_json()["sounds"] == {"blorp": "B L AO1 R P", "lluvia": "Y UW0 V AY1 AH0"}
    assert VerseRequest.from_json(request.to_json()) == request


@pytest.mark.parametrize("body", [{}, {"sounds": {}}])
def test_a_request_without_corrections_is_as_it_was(body):
    request = VerseRequest.from_json({"opening": BAR} | body)

    assert "sounds" not in request.to_json()
    assert request.sounds == AS_LISTED
    assert request.sounds.on(BAR) is BAR


@pytest.mark.parametrize(
    ("sounds", "message"),
    [
        ({"rain": "oh"}, "“rain” is no word of your bars; correct only words that stand there."),
        ({"lluvia": " "}, "Say what “lluvia” sounds like."),
        ({"la lluvia": "oh"}, "“la lluvia” must be one word, as it stands in a bar."),
        (
            {"lluvia": "?!"},
            "We cannot say “?!”: give words that sound so, or syllables as in LOO-vee-ah.",
        ),
    ],
)
def test_a_refusal_says_what_would_be_right(sounds, message):
    with pytest.raises(RequestRefused) as raised:
        VerseRequest.from_json({"opening": BAR, "sounds": sounds})

    assert [problem.message for problem in raised.value.problems] == [message]


def test_nothing_that_is_typed_can_pass_for_a_word_with_its_sound():
    typed = tidy(RAIN.on(BAR))

    assert hear(last_word(typed)).source is not Source.TOLD
