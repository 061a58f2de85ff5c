import pytest

from bars.analysis import describe_bar, score_verse
from bars.language import Severity
from bars.plan import plan_verse
from bars.verse import VerseRequest

REQUEST = VerseRequest(opening=("The night is long",), bars=4, scheme="AAAA", syllables=8)


def verse(*bars):
    written = list(REQUEST.opening)
    events = [describe_bar(written[0], plan_verse(REQUEST)[0], [])]
    for plan, bar in zip(plan_verse(REQUEST)[1:], bars, strict=False):
        events.append(describe_bar(bar, plan, written, attempts=8))
        written.append(bar)
    return events


def test_the_first_bar_of_a_letter_has_no_rhyme_yet():
    assert verse()[0].rhyme is None


def test_a_bar_that_repeats_a_partner_is_identical_however_well_it_rhymes_with_another():
    bars = verse("We sing a song", "The night is long")

    assert [bar.rhyme.kind for bar in bars[1:]] == ["perfect", "identical"]


def test_scores_are_shares_of_the_written_bars_alone():
    scores = score_verse(verse("We sing along and sing a song", "The city never slept", "So wrong"))

    assert scores["perfect"] == pytest.approx(1 / 3)
    assert scores["syllables_exact"] == pytest.approx(1 / 3)


def test_scores_of_nothing_are_none():
    assert set(score_verse(verse()).values()) == {None}


def test_the_plan_knows_partners_and_what_is_rhymed_later():
    plans = plan_verse(VerseRequest(topic="rain", bars=4, scheme="ABAB", syllables="free"))

    assert [plan.partners for plan in plans] == [(), (), (0,), (1,)]
    assert [plan.rhymed_later for plan in plans] == [True, True, False, False]
    assert {plan.target for plan in plans} == {None}


def test_strong_words_can_be_masked_while_the_rhyme_is_still_heard():
    plan = plan_verse(REQUEST)[1]

    bar = describe_bar("What a load of shit", plan, ["I had to quit"], 8, masked=Severity.STRONG)

    assert bar.text == "What a load of s***"
    assert bar.words[-1].text == "s***"
    assert (bar.rhyme.kind, bar.syllables) == ("perfect", 5)
