"""Which of some finished lines stands."""

import pytest

from inference.candidates import (
    LIKELY_ENOUGH,
    Candidate,
    Price,
    best_banked,
    price_of,
    quality,
)

LINE = "We walk along a river in the rain"


def rated(text=LINE, likely=-2.0, ending=-3.0, miss=0, shown=()):
    return quality(Candidate(text, 0.0, miss), Price(likely, ending), shown)


def test_a_price_is_a_mean_of_all_tokens_and_a_sum_of_the_ending():
    assert price_of([-1.0, -2.0, -4.0, -1.0], end_tokens=1) == Price(-2.0, -5.0)


def test_a_sure_ending_is_better():
    assert rated(ending=-2.0) > rated(ending=-6.0)


def test_beyond_some_likelihood_a_line_is_no_better():
    assert rated(likely=LIKELY_ENOUGH) == rated(likely=-0.5) > rated(likely=-2.5)


@pytest.mark.parametrize(
    "worse",
    ["We walk along a rain into the rain", "We walk along along a river in rain"],
    ids=["the last word was there before", "a word twice"],
)
def test_saying_a_word_twice_costs(worse):
    assert rated(worse) < rated()


def test_beginning_as_a_bar_before_costs():
    assert rated(shown=["We walk away"]) < rated(shown=["They walk away"])


def test_missing_its_length_costs():
    assert rated(miss=1) < rated()


def banked(text, worth, miss=0):
    return Candidate(text, worth, miss)


def test_the_best_lines_are_kept_each_once_and_few_for_one_end_word():
    bank = [
        banked("We sing in the rain", -1.0),
        banked("We sing in the rain", -1.1),
        banked("You sing in the rain", -2.0),
        banked("They sing in the rain", -3.0),
        banked("They sing on the train", -4.0),
    ]

    found = best_banked(bank, most=5, a_word=2, may_stand=lambda _: True)

    assert [each.text for each in found] == [bank[0].text, bank[2].text, bank[4].text]


def test_a_line_of_its_length_comes_before_a_better_one():
    bank = [banked("We sing", -1.0, miss=1), banked("We all sing", -5.0)]

    assert best_banked(bank, 1, 3, lambda _: True) == [bank[1]]


def test_what_may_not_stand_takes_no_place_of_another():
    bank = [banked("We sing in the rain", -1.0), banked("You sing in the rain", -2.0)]

    assert best_banked(bank, 1, 1, lambda each: each is not bank[0]) == [bank[1]]
