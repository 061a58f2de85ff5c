"""Which bars a bar must rhyme with, when some of them stand already."""

import pytest

from bars.plan import partner_bars, plan_verse
from bars.verse import VerseRequest


def plans_of(**wish):
    return plan_verse(VerseRequest.from_json({"topic": "rain", "syllables": 10} | wish))


def test_a_bar_rhymes_with_the_earlier_bars_of_its_letter():
    plans = plans_of(bars=4, scheme="AABA")

    assert [plan.partners for plan in plans] == [(), (0,), (), (0, 1)]
    assert [plan.rhymed_later for plan in plans] == [True, True, False, False]


def test_a_bar_rhymes_with_a_later_bar_that_is_kept():
    plans = plans_of(bars=4, scheme="ABAB", keep={"2": "I walk into the light"})

    assert [plan.partners for plan in plans] == [(2,), (), (0,), (1,)]
    assert plans[2].kept == "I walk into the light"
    assert [plan.rhymed_later for plan in plans] == [False, True, False, False]


def test_partners_are_found_before_and_after_a_bar():
    plans = plans_of(bars=4, scheme="AAAA", keep={"3": "a kept bar"})

    assert partner_bars(plans[1], plans, ["the first bar"]) == [
        (0, "the first bar"),
        (3, "a kept bar"),
    ]


def test_the_bar_of_which_alternatives_are_wanted_is_not_kept():
    keep = {str(place): f"bar {place}" for place in range(4)}
    plans = plans_of(bars=4, keep=keep, alternatives={"bar": 2, "count": 2})

    assert [plan.kept is None for plan in plans] == [False, False, True, False]
    assert plans[2].partners == (3,)


@pytest.mark.parametrize(("wish", "target"), [(12, 12), ("free", None), ("match", 4)])
def test_counts_come_from_the_wish_or_from_bars_that_stand(wish, target):
    plans = plans_of(syllables=wish, keep={"1": "One two three four"})

    assert {plan.target for plan in plans} == {target}
