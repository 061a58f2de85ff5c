import pytest

from bars.scores import distinct, end_rhymes, raplyzer_density, score_text, syllable_rhyme_density

COUPLETS = """
I hold the plan
I am the man
I see the light
all through the night
"""


def test_a_verse_that_rhymes_scores_above_chance():
    scores = score_text(COUPLETS, "AABB", deals=100)

    assert scores["perfect"].value == 1.0
    assert scores["perfect"].chance < 0.6
    assert scores["no_rhyme"].value == 0.0
    assert scores["perfect"].low <= scores["perfect"].value <= scores["perfect"].high


def test_figures_are_the_same_each_time():
    assert score_text(COUPLETS, deals=20) == score_text(COUPLETS, deals=20)


def test_what_does_not_depend_on_order_is_its_own_chance_level():
    score = score_text(COUPLETS, deals=10)["distinct_1"]

    assert score.value == pytest.approx(score.chance)


@pytest.mark.parametrize("text", ["", "\n\n", "привет", "?!"])
def test_a_text_without_words_has_no_figures(text):
    assert score_text(text) == {}


def test_syllables_are_measured_against_the_target():
    for target, exact, within in ((4, 1.0, 1.0), (3, 0.0, 1.0), (9, 0.0, 0.0)):
        scores = score_text(COUPLETS, target=target, deals=1)
        assert scores["syllables_exact"].value == exact
        assert scores["syllables_within_1"].value == within


def test_kinds_are_shared_out_among_the_lines_that_should_rhyme():
    lines = ["the plan", "the man", "the night", "the night", "the back", "the bag", "sea", "dog"]

    assert end_rhymes(lines, list("AABBCCDD")) == {
        "perfect": 0.25,
        "slant": 0.25,
        "identical": 0.25,
        "no_rhyme": 0.25,
    }
    assert end_rhymes(lines, [None] * 8)["perfect"] == 0.0


def test_raplyzer_counts_runs_of_two_vowels_and_more():
    assert raplyzer_density(["plan", "man"]) == 0.0
    assert raplyzer_density(["city night", "gritty light"]) == pytest.approx(5 / 3)
    assert raplyzer_density(["city city"]) == 0.0
    assert raplyzer_density([]) == 0.0


def test_syllable_rhyme_density_is_a_share():
    assert syllable_rhyme_density(["plan man"]) == 1.0
    assert syllable_rhyme_density(["plan tree"]) == 0.0
    assert syllable_rhyme_density([]) == 0.0


def test_distinct_is_the_share_of_runs_that_differ():
    assert distinct(["a dog a dog"], 1) == 0.5
    assert distinct(["a dog a dog"], 2) == pytest.approx(2 / 3)
    assert distinct([], 1) == 0.0
