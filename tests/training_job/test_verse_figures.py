import pytest

from bars.sample_verses import sample_verses
from tests.training_job.evaluation_world import OPENING, make_data, written
from training_job.copies import Copies, TrainingBars
from training_job.evaluation_data import EvaluationData
from training_job.figures import Way
from training_job.verse_figures import verse_figures
from training_job.verse_rhymes import chance_levels

NO_COPIES = Copies(TrainingBars([]), None)


def figures_of(*verses):
    """Hits and trials of each figure, over all prompts."""
    found = verse_figures(verses, NO_COPIES)
    return {name: tuple(map(sum, zip(*counts, strict=True))) for name, counts in found.items()}


@pytest.mark.parametrize(
    ("bars", "scheme", "kinds"),
    [
        (("I never felt so light",), "AA", ["perfect"]),
        (("My pillow is my only knight",), "AA", ["homophone"]),
        (("The city says good night",), "AA", ["identical"]),
        (("I took the wheel and drove a bike",), "AA", ["slant"]),
        (("And nobody would ever care",), "AA", ["no_rhyme"]),
        (("",), "AA", ["no_rhyme"]),
        (("It was a bright and early flight", "No rhyme for this is asked"), "AABC", ["perfect"]),
        (("What will the new day bring", "The bells are bright", "We hear them sing"), "ABAB",
         ["perfect", "perfect"]),
        # a third bar that rhymes with the second, but ends as the first does
        (("The sky is bright", "Another night"), "AAAA", ["perfect", "identical"]),
    ],
)  # fmt: skip
def test_a_bar_is_judged_with_the_last_bar_of_its_letter(bars, scheme, kinds):
    figures = figures_of(written(*bars, scheme=scheme))

    for name in ("perfect", "slant", "multi", "identical", "homophone", "no_rhyme"):
        assert figures[name] == (kinds.count(name), len(kinds)), name


@pytest.mark.parametrize(
    ("opening", "bar", "kind"),
    [
        ("I always wanted to be a poet", "And everybody who hears will know it", "perfect"),
        ("They really know it", "Then why not show it", "perfect"),
        ("I told him keep it clean", "You have never seen it clean", "identical"),
        ("He stood on a rusted stair", "And could not stop but stare", "homophone"),
    ],
)
def test_a_rhyme_across_words_begins_before_the_last_word(opening, bar, kind):
    assert figures_of(written(bar, opening=opening, scheme="AA"))[kind] == (1, 1)


@pytest.mark.parametrize(
    ("bar", "exact", "near"),
    [("I never saw the city lose its light", 0, 0), ("I never saw you in the light", 1, 1),
     ("I never saw the other light", 1, 1), ("I never saw a light", 0, 0),
     ("I never saw the new light", 0, 1), ("", 0, 0)],
)  # fmt: skip
def test_syllables_are_counted_against_the_opening(bar, exact, near):
    figures = figures_of(written(bar))

    assert figures["syllables_exact"] == (exact, 1)
    assert figures["syllables_within_1"] == (near, 1)


def test_the_chance_level_is_what_the_same_bars_give_when_they_are_dealt_again():
    verses = [
        written("The candle gave its light", opening="I wrote this on the bus at night"),
        written("The coffee has gone cold", opening="Our teeth are made of solid gold"),
        written("We meet on Sunday noon", opening="A dog is barking at the moon"),
        written("I never saw that street", opening="The sun comes up and brings the heat"),
    ]

    level = chance_levels(verses, deals=400)["perfect"]

    assert figures_of(*verses)["perfect"] == (4, 4)
    assert level["value"] == pytest.approx(0.25, abs=0.03)
    assert (level["low"], level["high"]) == (0.0, 1.0)


def test_proposed_words_and_whether_bars_keep_to_them():
    verse = written(
        ("I sat beside a yellow light", "light"),  # one word, it rhymes, and the bar keeps to it
        ("Some nothing", "two words"),
        ("And went", "rain", True),  # given
        ("No plan", ""),
        scheme="AABBC",
        way=Way.ASKED,
    )

    figures = figures_of(verse)

    assert figures["word_proposed"] == (1, 3)
    assert figures["word_rhymes"] == (1, 1)
    assert figures["ends_as_planned"] == (1, 3)


def test_without_end_words_nothing_is_proposed():
    figures = figures_of(written("I sat beside a yellow light"))

    assert figures["word_proposed"] == figures["ends_as_planned"] == (0, 0)


@pytest.mark.parametrize(
    ("bar", "bad"),
    [
        ("I took a breath and went", 0), ("", 1), ("?!", 1), ("# Rain | AABB", 1), ("A 10 hill", 1),
        ("B 8", 1), ("A10 tree with 10", 1), ("- 12", 1), ("C -", 1), ("A 100 miles away", 0),
        ("A 40 on the table", 0), ("I 95 is jammed again", 0), ("A-list people", 0), ("T-shirt", 0),
        ("no " * 40, 0), ("no " * 41, 1), (("I never end", "", False, False), 1),
    ],
)  # fmt: skip
def test_degenerate_bars(bar, bad):
    assert figures_of(written(bar))["degenerate"] == (bad, 1)


def test_a_start_that_three_verses_share_is_degenerate():
    starts = ["I got the keys", "I got the bag", "I got the blues again", "I got a bag"]
    verses = [written(bar, opening=f"{OPENING} {n}") for n, bar in enumerate(starts)]

    assert figures_of(*verses)["degenerate"] == (3, 4)
    assert figures_of(*verses[1:])["degenerate"] == (0, 3)


@pytest.mark.parametrize(
    ("bars", "repeated", "partly"),
    [
        (("Say it again", "Say it, again!"), 1, 0),
        ((OPENING,), 1, 1),
        (("I wrote this on a train",), 0, 1),
        (("We go we go we go we go",), 0, 1),
        (("Nothing here is said again", "Other words are said today"), 0, 0),
    ],
)
def test_repetition_within_a_verse(bars, repeated, partly):
    figures = figures_of(written(*bars))

    assert figures["repeated_bars"] == (repeated, len(bars))
    assert figures["repeated_runs"] == (partly, len(bars))


def test_distinct_runs_are_those_of_the_whole_run_of_verses():
    verses = [written("one two one two"), written("one two three", opening="Another opening")]

    figures = figures_of(*verses)

    assert figures["distinct_1"] == (3, 7)
    assert figures["distinct_2"] == (3, 5)  # one two, two one; two three
    assert figures["distinct_3"] == (3, 3)


def test_words_that_nobody_can_say_are_not_heard():
    assert figures_of(written("The night is xqzvkt"))["known_words"] == (3, 4)


TRAINED = ["The street is mine before the sun is bright", "He drives me all the way around again"]


@pytest.mark.parametrize(
    ("bar", "near"),
    [
        (TRAINED[0], True),
        ("the STREET is mine, before the sun is bright!", True),
        ("The street was mine before the sun was bright", True),
        ("Before the sun is bright the street is mine", False),
        ("The cat is yours", False),
        ("", False),
    ],
)
def test_bars_that_are_nearly_those_of_training_are_found(bar, near):
    copies = Copies(TrainingBars([*TRAINED, *(f"Some other bar {n}" for n in range(200))]), None)

    figures = verse_figures([written(bar)], copies)

    assert figures["near_copies"] == [(near, 1)]
    assert "copied_runs" not in figures  # nothing is on file


def test_copied_runs_are_found_across_bars(tmp_path):
    copies = EvaluationData.find(make_data(tmp_path / "data")).copies()
    copied, own = sample_verses()[2].bars[3:5], ("I made this up", "And nobody said it before me")

    figures = verse_figures([written(*copied), written(*own, opening="Another one")], copies)

    assert figures["copied_runs"] == [(1, 1), (0, 1)]
