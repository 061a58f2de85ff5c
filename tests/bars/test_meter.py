import pytest

from bars.meter import Syllables, stress, syllables


@pytest.mark.parametrize(
    ("bar", "low", "high"),
    [
        ("I came up from the bottom with a pen and a plan", 13, 13),
        ("the fire", 2, 3),
        ("ridin' late", 3, 3),
        ("", 0, 0),
        ("?! ...", 0, 0),
    ],
)
def test_syllables_are_a_range_where_pronunciations_differ(bar, low, high):
    assert syllables(bar) == Syllables(low, high)


@pytest.mark.parametrize(("target", "nearest"), [(None, 9), (5, 9), (10, 10), (20, 11)])
def test_the_count_nearest_to_the_target_is_taken(target, nearest):
    assert Syllables(9, 11).nearest(target) == nearest


def test_stress_has_a_digit_for_each_syllable():
    assert stress("a river never hurries") == "0101010"


def test_a_word_that_nobody_lists_has_syllables_by_its_spelling():
    assert syllables("blorptastic").low == 3
    assert stress("blorptastic") == "???"
