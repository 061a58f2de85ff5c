import pytest

from bars.meter import (
    STEPS,
    Syllables,
    agreement,
    beat_slots,
    breath,
    flexible_stress,
    longest_breath,
    stress,
    syllables,
)


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


def test_small_words_take_the_stress_of_their_place():
    assert flexible_stress("to the river") == "??10"


@pytest.mark.parametrize(
    ("bar", "pattern", "agrees"),
    [
        ("a river never hurries", "0101010", 1.0),
        ("the river of the mountain", "0101010", 1.0),
        ("a river never hurries", "1010101", 5 / 7),
        ("river", "1", 0.5),
        ("", "", 1.0),
        ("", "01", 0.0),
    ],
)
def test_stress_agrees_with_a_pattern_as_far_as_it_needs_no_edits(bar, pattern, agrees):
    assert agreement(bar, pattern) == pytest.approx(agrees)


def test_a_pattern_has_two_digits():
    with pytest.raises(ValueError, match="'0121'"):
        agreement("walk on by me", "0121")


@pytest.mark.parametrize(
    "bar",
    [
        "I came up from the bottom with a pen and a plan",
        "walk on",
        "a word for every single step that I could ever want to take in the rain tonight",
    ],
)
def test_syllables_fall_on_steps_in_order_and_the_rhyme_on_the_last_beat(bar):
    slots = beat_slots(bar)

    assert len(slots) in syllables(bar)
    assert list(slots) == sorted(slots)
    assert set(slots) <= set(range(STEPS))
    assert slots[_rhyme_syllable(bar)] == 12


def _rhyme_syllable(bar):
    last = stress(bar.split()[-1])
    return len(stress(bar)) - len(last) + last.rindex("1")


def test_a_bar_without_words_has_no_slots():
    assert beat_slots("?!") == ()


def test_a_bar_is_breathed_at_its_punctuation():
    assert breath("A poet, and I know it, so I pay").phrases == (3, 4, 3)
    assert breath("A poet, and I know it, so I pay").density == 2.5
    assert longest_breath(["walk on", "a river, never hurries"]) == 4
    assert longest_breath([]) == 0
