from collections import Counter

import pytest

from bars.sample_verses import SampleVerse, faults, read_verses, sample_verses

SOUND = "We carried all the boxes up the stairs"
TWICE = "He sits and waits until the world is still"
RUDE = "He drives me all the damn way back again"


@pytest.mark.parametrize("verse", sample_verses(), ids=lambda v: v.topic)
def test_our_verses_keep_what_their_headings_promise(verse):
    assert faults(verse) == []


def test_there_are_many_verses_on_as_many_topics_in_all_usual_schemes():
    verses = sample_verses()

    assert len(verses) == len({verse.topic for verse in verses}) >= 200
    schemes = Counter(verse.scheme for verse in verses)
    assert min(schemes[scheme] for scheme in ("AABB", "ABAB", "AAAA", "ABBA")) >= 10
    crafts = Counter(verse.craft for verse in verses)
    assert min(crafts["multi"], crafts["internal"]) >= 8


def test_no_bar_stands_in_two_verses():
    bars = Counter(bar for verse in sample_verses() for bar in verse.bars)

    assert max(bars.values()) == 1


def changed(**more):
    verse = sample_verses()[0]
    return SampleVerse(**{"topic": "t", "scheme": "AABB", "craft": "", "bars": verse.bars} | more)


@pytest.mark.parametrize(
    ("verse", "told"),
    [
        (changed(bars=sample_verses()[0].bars[:12]), "It has 12 bars instead of 16"),
        (changed(scheme="ABAB"), "rhyme by"),
        (changed(craft="multi"), "rhyme in one syllable only"),
        (changed(craft="loud"), "must be multi or internal"),
        (changed(bars=(*sample_verses()[0].bars[:15], "Again")), "has 2 syllables"),
        (changed(bars=(*sample_verses()[0].bars[:15], SOUND + ".")), "must end in a letter"),
        (changed(bars=(*sample_verses()[0].bars[:15], TWICE)), "'still' ends more than one bar"),
        (changed(bars=(*sample_verses()[0].bars[:15], RUDE)), "has strong language"),
    ],
)
def test_a_verse_that_breaks_its_promise_is_told_how(verse, told):
    assert any(told in fault for fault in faults(verse))


def test_verses_are_read_with_their_craft():
    (verse,) = read_verses("# A topic | AABB | multi\none\ntwo\n")

    assert verse == SampleVerse("A topic", "AABB", "multi", ("one", "two"))
