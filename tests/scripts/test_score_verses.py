"""Scoring served verses: what counts as what, and the whole way with a tiny model."""

import json

import pytest

from bars.verse import VerseRequest
from scripts.plain_rhyme import knows, plainly_rhyme
from scripts.score_table import score_table
from scripts.score_verses import PromptsUnusable, main, read_prompts
from scripts.verse_measures import ServedVerse, degenerate, measure
from scripts.verse_prices import Reader
from tests.inference.tiny_model import make_model_dir

OPENING = "The last bus home is coughing up the hill"
PROMPTS = [
    {"opening": [OPENING], "bars": 3, "scheme": "AAA", "syllables": 10, "seed": 1},
    {"topic": "rain", "bars": 4, "scheme": "ABAB", "syllables": 8, "seed": 2},
    {"topic": "night", "bars": 2, "scheme": "AA", "rhyme": "slant", "seed": 3},
    {"topic": "bread", "bars": 2, "scheme": "AA", "rhyme": "multi", "seed": 4},
    {"topic": "bread", "bars": 2, "scheme": "AA", "keep": {"1": "I sold the last of it at ten"}},
]
ASKED_KEYS = {
    "perfect", "slant", "identical", "syllables_exact", "syllables_within_1", "bars_given",
    "degenerate", "nats", "nats_free", "end_fit", "end_fit_free", "repeated_bars", "distinct_2",
    "tokens_per_bar", "constraint_share",
}  # fmt: skip


def served(*bars, **wish):
    request = VerseRequest.from_json({"opening": [OPENING], "syllables": 10, "scheme": "AA"} | wish)
    return ServedVerse(request, (OPENING, *bars), tokens=100)


@pytest.mark.parametrize(
    ("one", "other", "rhyme"),
    [
        ("hill", "still", True),
        ("hill", "hill", False),
        ("night", "knight", False),  # the same sound
        ("leave", "believe", False),  # the same from the consonant on
        ("plane", "hurricane", True),
        ("nation", "station", True),
        ("hill", "feel", False),
        ("ill", "hill", True),
        ("crow", "grow", True),
        ("until", "still", True),
    ],
)
def test_the_plain_ear_hears_perfect_rhymes(one, other, rhyme):
    assert knows(one) and knows(other)
    assert plainly_rhyme(one, other) is rhyme


def test_a_word_is_judged_as_its_visitor_says_it():
    wish = {"opening": ["Bajo la lluvia"], "bars": 2, "syllables": "match"}

    def figures(**sounds):
        request = VerseRequest.from_json(wish | {"scheme": "AA", "sounds": sounds})
        return measure([ServedVerse(request, (*request.opening, "Upon a train"))])

    names = ("perfect", "syllables_exact")
    assert [figures(lluvia="rain")[name] for name in names] == [1, 1]
    assert [figures()[name] for name in names] == [0, 0]


STILL = "My notebook shakes but every line sits still"


@pytest.mark.parametrize(
    ("bar", "figure", "value"),
    [
        (STILL, "perfect", 1),
        ("My notebook shakes but every line is long", "perfect", 0),
        ("My notebook shakes and I am on the hill", "identical", 1),
        (STILL, "identical", 0),
        (STILL, "syllables_exact", 1),
        ("My notebook shakes but lines sit still", "syllables_exact", 0),
        ("My notebook shakes but every line is so still", "syllables_within_1", 1),
        (OPENING, "repeated_bars", 1),
        ("My bus is coughing up the window sill", "shared_runs", 1),
        (STILL, "shared_runs", 1),  # it is one of the prompt's examples
        ("I had to hold the door and then be still", "shared_runs", 0),
        ("The last of them is on another hill", "repeated_rhyme_words", 1),
        ("# My notebook shakes but lines are still", "degenerate", 1),
        ("My zqxv shakes but every line sits still", "degenerate", 1),
        (STILL, "degenerate", 0),
        ("", "degenerate", 1),
    ],
)
def test_a_bar_counts_as_what_it_is(bar, figure, value):
    assert measure([served(bar, bars=2)])[figure] == value


def test_a_rhyme_must_hold_with_every_partner():
    verse = served(STILL, "I never thought that I would feel the cold", bars=3, scheme="AAA")

    assert measure([verse])["perfect"] == 0.5


def test_what_was_not_asked_for_has_no_figure():
    figures = measure([served(STILL, bars=2, syllables="free")])

    assert figures["slant"] is None
    assert figures["syllables_exact"] is None


def test_bars_that_are_missing_are_missed():
    verse = served(STILL, bars=4)

    assert measure([verse])["bars_given"] == pytest.approx(1 / 3)


def test_bars_that_the_visitor_kept_are_not_measured():
    verse = served("This is no rhyme", STILL, bars=3, scheme="AAA", keep={"1": "This is no rhyme"})

    figures = measure([verse])

    assert figures["bars_given"] == 1
    assert figures["syllables_exact"] == 1
    assert figures["perfect"] == 0  # with the kept bar


def test_a_verse_that_broke_off_is_measured_as_far_as_it_came():
    verse = served(bars=4, scheme="ABAB", keep={"3": "A kept bar that is still to come"})

    assert measure([verse])["bars_given"] == 0


def test_masked_words_are_no_fault():
    verse = served("I never knew that I would say this s***", bars=2, language="mask")

    figures = measure([verse])

    assert (figures["degenerate"], figures["perfect"]) == (0, None)


def test_a_start_that_many_verses_share_says_nothing():
    verses = [served(f"I got the {word} and I am standing still", bars=2) for word in
              ("money", "power", "music", "people")]  # fmt: skip

    assert {fault for _, fault in degenerate(verses)} == {"common start"}


def test_the_table_says_what_is_missed():
    lines = list(score_table({"perfect": 0.9, "identical": 0.0, "nats": -3.0, "nats_free": -2.0}))

    assert lines[0].endswith("MISSED: at least 0.995")
    assert lines[1].endswith("met: 0")
    assert lines[2].endswith("MISSED: at least -2.3")


def write_prompts(folder, prompts):
    path = folder / "prompts.jsonl"
    path.write_text("".join(json.dumps(prompt) + "\n" for prompt in prompts))
    return path


def test_every_line_that_is_no_prompt_is_named(tmp_path):
    path = write_prompts(tmp_path, [PROMPTS[0], {"topic": ""}])
    with path.open("a") as file:
        file.write("{\n")

    with pytest.raises(PromptsUnusable) as refused:
        read_prompts(path)

    assert "line 2: topic: give a topic" in str(refused.value)
    assert "line 3:" in str(refused.value)


@pytest.mark.parametrize("text", [None, ""])
def test_a_file_without_prompts_is_refused_in_words(tmp_path, text):
    if text is not None:
        (tmp_path / "prompts.jsonl").write_text(text)

    with pytest.raises(SystemExit) as ended:
        main(["--prompts", str(tmp_path / "prompts.jsonl")])

    assert str(tmp_path) in str(ended.value)


@pytest.mark.parametrize("adapter", [False, True])
def test_verses_are_scored_through_the_container(tmp_path, capsys, monkeypatch, adapter):
    make_model_dir(tmp_path, adapter, 2 if adapter else 1, {"rhyme word first": 1.0})
    prompts = write_prompts(tmp_path, PROMPTS)
    out = tmp_path / "out" / "verses.jsonl"

    monkeypatch.setenv("DEEP_HOP_THREADS", "1")
    main(["--prompts", str(prompts), "--model", str(tmp_path / "model"), "--out", str(out),
          "--limit", "5", "--json"])  # fmt: skip

    scores = json.loads(capsys.readouterr().out)
    lines = [json.loads(line) for line in out.read_text().splitlines()]
    assert scores.keys() >= ASKED_KEYS
    assert (scores["bars_given"], scores["identical"]) == (1, 0)
    assert 0 < scores["constraint_share"] < 1
    assert ("nats_bare" in scores) is adapter
    assert [len(line["bars"]) for line in lines] == [3, 4, 2, 2, 2]
    assert [line["request"].get("seed") for line in lines] == [1, 2, 3, 4, None]


KEPT = {"topic": "rain", "bars": 3, "scheme": "AAA", "keep": {"1": STILL}}


def test_only_written_bars_are_priced_and_a_verse_that_has_none_costs_nothing(tmp_path):
    model = make_model_dir(tmp_path) / "model"
    reader, request = Reader(model, None), VerseRequest.from_json(KEPT)

    assert len(reader.price(request, [OPENING, STILL, OPENING])) == 2
    assert reader.price(request, []) == []
    assert reader.fluency([(request, [])]) == {"nats": None, "end_fit": None}


def test_an_adapter_that_is_not_there_is_not_passed_over(tmp_path):
    prompts = write_prompts(tmp_path, PROMPTS)

    with pytest.raises(SystemExit, match="holds no adapter/ folder"):
        main(["--prompts", str(prompts), "--adapter", str(tmp_path / "typo")])


def test_a_prompt_may_have_any_character_and_no_depth_breaks_it(tmp_path):
    path = tmp_path / "prompts.jsonl"
    path.write_text('{"topic": "rain\u2028and snow"}\n' + "[" * 100_000 + "\n", encoding="utf-8")

    with pytest.raises(PromptsUnusable) as refused:
        read_prompts(path)

    assert str(refused.value) == f"{path}, line 2: this is no JSON. Give a verse request."


def test_a_container_that_cannot_serve_is_told_with_its_reason(tmp_path):
    make_model_dir(tmp_path, prompt_version=9)
    prompts = write_prompts(tmp_path, PROMPTS)

    with pytest.raises(SystemExit) as ended:
        main(["--prompts", str(prompts), "--model", str(tmp_path / "model")])

    assert "prompt version 9" in str(ended.value)
