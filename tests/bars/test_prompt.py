import pytest

from bars.meter import syllables
from bars.prompt import examples, render_prompt, render_request, render_shared
from bars.rhyme import RhymeKind, rhyme
from bars.scheme import letters
from bars.text import last_word
from bars.verse import VerseRequest

REQUEST = VerseRequest(topic="The harbor", opening=("The harbor lights go out at four",))


@pytest.mark.parametrize("example", examples(), ids=lambda e: e.topic)
def test_our_examples_rhyme_perfectly_as_their_scheme_says(example):
    given = letters(example.scheme, len(example.bars))
    ends = [last_word(bar) for bar in example.bars]
    pairs = [
        (ends[i], ends[j])
        for i in range(len(ends))
        for j in range(i + 1, len(ends))
        if given[i] and given[i] == given[j]
    ]

    assert pairs
    assert {pair: rhyme(*pair).kind for pair in pairs} == dict.fromkeys(pairs, RhymeKind.PERFECT)


@pytest.mark.parametrize("example", examples(), ids=lambda e: e.topic)
def test_our_examples_keep_ten_syllables(example):
    assert all(syllables(bar).nearest(10) in {10, 11} for bar in example.bars)


def test_examples_have_no_final_punctuation_so_that_a_bar_ends_in_one_line_end():
    assert all(bar[-1].isalpha() for example in examples() for bar in example.bars)


@pytest.mark.parametrize("scheme", ["AABB", "ABAB", "AAAA", "ABBA"])
def test_a_scheme_is_shown_by_its_own_examples(scheme):
    shown = render_shared(scheme)

    assert all((e.topic in shown) == (e.scheme == scheme) for e in examples())


def test_an_unusual_scheme_is_shown_by_couplets():
    assert render_shared("ABCABC") == render_shared("AABB")


def test_a_prompt_is_its_shared_part_then_the_topic_and_the_bars_so_far():
    prompt = render_prompt(REQUEST, REQUEST.opening)

    assert prompt == render_shared("AABB") + render_request(REQUEST, REQUEST.opening)
    assert prompt.endswith("# The harbor\nThe harbor lights go out at four\n")


def test_a_prompt_never_ends_in_a_space():
    assert not render_prompt(REQUEST, ()).endswith(" ")


def test_a_verse_without_topic_is_a_freestyle():
    assert render_request(VerseRequest(opening=("one",)), ()) == "# Freestyle\n"
