"""Which of some finished lines stands."""

import pytest

from inference.candidates import LIKELY_ENOUGH, Candidate, Price, price_of, quality

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
