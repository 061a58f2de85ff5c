"""What visitors may wish for beyond a scheme: kept bars, alternatives, language, kinds of rhyme."""

from array import array

import pytest

from bars.fingerprints import MAGIC, Fingerprints, run_hashes, run_words
from bars.language import Severity, is_clean
from bars.rhyme import rhyme
from bars.rhyme_rules import RhymeKind
from bars.text import last_word, words_of
from bars.verse import VerseRequest
from bars.verse_sound import equal_vowels
from inference.candidates import internal_rhymes
from inference.loading import load_writer
from inference.settings import ServeSettings
from tests.inference.tiny_model import make_model_dir

KEPT = "The last bus home is coughing up the hill"


@pytest.fixture(scope="module", params=[1, 2])
def writer(request, tmp_path_factory):
    folder = tmp_path_factory.mktemp("model")
    tasks = {"rhyme word first": 1.0} if request.param == 2 else None
    make_model_dir(folder, prompt_version=request.param, tasks=tasks)
    return load_writer(ServeSettings(folder, rows=6, threads=1))


def bars_of(writer, **wish):
    told = []
    request = VerseRequest.from_json({"topic": "rain", "seed": 1} | wish)
    writer.engine.run(writer.write(request, "r", told.append))
    return [event for event in told if event.event == "bar"]


def test_kept_bars_stand_where_they_are_and_the_others_rhyme_with_them(writer):
    bars = bars_of(writer, bars=4, scheme="ABAB", keep={"2": KEPT})

    assert (bars[2].text, bars[2].attempts) == (KEPT, 0)
    assert rhyme(last_word(bars[0].text), "hill").kind is RhymeKind.PERFECT
    assert bars[0].rhyme.partner == 2
    assert [bar.index for bar in bars] == [0, 1, 2, 3]


def test_a_verse_can_be_gone_on_with(writer):
    keep = {"0": KEPT, "1": "My notebook shakes but every line sits still"}

    bars = bars_of(writer, bars=4, keep=keep)

    assert [bar.attempts > 0 for bar in bars] == [False, False, True, True]


def test_alternatives_are_different_bars_for_one_place(writer):
    keep = {"0": KEPT, "1": "My notebook shakes but every line sits still"}
    bars = bars_of(writer, bars=2, keep=keep, alternatives={"bar": 1, "count": 3})

    others = [bar for bar in bars if bar.index == 1]
    assert len(others) >= 2
    assert len({last_word(bar.text) for bar in others} | {"still"}) == len(others) + 1
    assert all(rhyme("hill", last_word(bar.text)).kind is RhymeKind.PERFECT for bar in others)


def test_no_word_ends_two_bars(writer):
    bars = bars_of(writer, opening=[KEPT], bars=8, scheme="AAAA")

    ends = [last_word(bar.text) for bar in bars]
    assert len(set(ends)) == len(ends)


def test_no_three_words_are_said_twice(writer):
    bars = bars_of(writer, opening=[KEPT], bars=8)

    runs = [
        run
        for bar in bars
        for words in [words_of(bar.text)]
        for run in zip(words, words[1:], words[2:], strict=False)
    ]
    assert len(set(runs)) == len(runs)


@pytest.mark.parametrize("rhyme_wish", ["perfect", "slant", "multi"])
def test_every_kind_of_rhyme_can_be_asked_for(writer, rhyme_wish):
    bars = bars_of(writer, opening=[KEPT], bars=2, scheme="AA", rhyme=rhyme_wish)

    assert bars[1].rhyme.kind in {"perfect", "slant"}
    if rhyme_wish == "multi" and bars[1].note is None:
        assert equal_vowels(bars[1].text, KEPT) >= 2


def test_what_cannot_be_rhymed_with_is_said_with_the_bar(writer):
    bars = bars_of(writer, opening=["Peel me an orange"], bars=2, scheme="AA", syllables=8)

    assert "“orange”" in bars[1].note


def test_a_bar_too_short_for_its_rhyme_is_said_with_the_bar(writer):
    opening = ["We had a long and friendly conversation"]

    bars = bars_of(writer, opening=opening, bars=2, scheme="AA", syllables=4)

    assert bars[1].syllables == 4 or "4 syllables" in bars[1].note


def test_strong_words_are_masked_in_what_is_shown(writer):
    bars = bars_of(writer, opening=["That was a load of shit"], bars=2, language="mask")

    assert bars[0].text == "That was a load of s***"
    assert all(is_clean(bar.text) for bar in bars)


def test_a_clean_verse_ends_on_no_strong_word(writer):
    bars = bars_of(writer, opening=["I had to quit"], bars=6, scheme="AAAAAA", language="clean")

    assert all(is_clean(bar.text, Severity.MILD) for bar in bars)


@pytest.mark.parametrize(
    ("bar", "before", "count"),
    [
        ("The light in the night was bright", "", 2),
        ("I hold the door and go", "We saw the floor", 1),
        ("The night was long and cold", "", 0),
        ("A bright and white and light delight tonight", "", 3),  # no more are counted
    ],
)
def test_rhymes_inside_a_bar_are_counted(bar, before, count):
    assert internal_rhymes(bar, [before] if before else []) == count


def test_rhymes_inside_the_bars_may_be_wished_for(writer):
    def texts(**wish):
        wish |= {"opening": [KEPT], "bars": 6}
        return [bar.text for seed in range(3, 6) for bar in bars_of(writer, seed=seed, **wish)]

    assert texts(internal=True) != texts()


def test_lines_of_the_training_lyrics_are_never_written(tmp_path):
    make_model_dir(tmp_path)
    settings = ServeSettings(tmp_path, rows=6, threads=1)
    wish = {"opening": [KEPT], "bars": 6, "syllables": 14}
    written = [bar.text for bar in bars_of(load_writer(settings), **wish)][1:]
    fingerprints = tmp_path / "model" / "fingerprints"
    hashes = sorted({each for bar in written for each in run_hashes(run_words(bar))})
    numbers = array("Q", [len(hashes), *hashes])
    fingerprints.write_bytes(MAGIC + numbers.tobytes())

    others = [bar.text for bar in bars_of(load_writer(settings), **wish)][1:]

    assert hashes
    assert not any(Fingerprints.load(fingerprints).copied(bar) for bar in others)
