from collections import Counter
from itertools import combinations
from statistics import mean

import pytest

from bars.dictionary import commonness, look_up, look_up_slang
from bars.language import is_clean
from bars.prompt import written_sound
from bars.rhyme import rhyme
from bars.rhyme_rules import RhymeKind
from training_job.rhyme_lessons import COMMON, SCHEMES
from training_job.sound_lessons import (
    G2P,
    P2G,
    PLAN,
    RHYME,
    bar_lesson,
    sound_of_bar,
    word_lessons,
    words_by_split,
)
from training_job.split import Split, Splitter
from training_job.verses import sound_alike

COUNT = 100


@pytest.fixture(scope="module")
def words():
    return words_by_split(Splitter(1), clean=False)


@pytest.fixture(scope="module")
def pairs(words):
    """For each sound task what is asked and what is answered, in words or sounds."""
    return {
        task: [_pair(lesson) for lesson in word_lessons(task, COUNT, words[Split.TRAIN], 1)]
        for task in (G2P, P2G, RHYME)
    }


def _pair(lesson):
    asked, answer = lesson.parts
    assert (asked.learned, answer.learned) == (False, True)
    return asked.text.split(": ", 1)[1].strip(), answer.text.strip()


def test_there_are_as_many_lessons_as_wanted_and_no_word_is_asked_twice(pairs):
    for found in pairs.values():
        assert len({asked for asked, _ in found}) == len(found) == COUNT


def test_words_are_spoken_as_usual_with_their_stress(pairs):
    for word, sound in pairs[G2P]:
        assert sound == written_sound(((look_up(word) or look_up_slang(word))[0],))
        assert any(digit in sound for digit in "012")


def test_a_sound_is_spelled_as_its_commonest_word(pairs):
    assert all(commonness(word) > 0 or look_up_slang(word) for word, _ in map(reversed, pairs[P2G]))
    asked = dict(pairs[P2G])
    assert all((look_up(word) or look_up_slang(word))[0] for word in asked.values())
    assert "knight" not in asked.values()


def test_some_rhymes_are_named_perfect_ones_and_no_homophones(pairs):
    named = [(word, answer.split()) for word, answer in pairs[RHYME]]

    assert all(len(set(others)) == len(others) <= 12 for _, others in named)
    assert {len(others) for _, others in named} > {1, 2, 3, 4}
    for word, others in named:
        assert all(rhyme(word, other).kind is RhymeKind.PERFECT for other in others)
        assert not any(sound_alike(word, other) for other in others)


def test_when_every_word_has_named_its_rhymes_common_ones_name_others(words):
    found = [_pair(each) for each in word_lessons(RHYME, 10**6, words[Split.TRAIN], 1)]
    asked = [word for word, _ in found]
    turns = Counter(asked)

    assert len(set(asked)) > 1000
    assert asked[: len(turns)] == list(dict.fromkeys(asked))
    assert turns["day"] > min(turns.values()) == 2
    assert len({answer for word, answer in found if word == "day"}) > turns["day"] / 2


@pytest.fixture(scope="module")
def plans(words):
    """The end words of some plans by letter, and their headings."""
    found = list(word_lessons(PLAN, COUNT, words[Split.TRAIN], 1))
    return [_plan(lesson) for lesson in found]


def _plan(lesson):
    head, *lines = lesson.text.splitlines()
    ends = {}
    for line in lines:
        letter, count, *rhymed, end = line.split(" ")
        assert 6 < int(count.rstrip(":")) < 14
        assert rhymed == ends.setdefault(letter, [])[-1:]
        ends[letter].append(end)
    return head, ends


def test_words_of_one_letter_all_rhyme_and_sound_apart(plans):
    assert len(plans) == COUNT
    for _, ends in plans:
        for group in ends.values():
            for one, other in combinations(group, 2):
                assert rhyme(one, other).kind is RhymeKind.PERFECT
                assert not sound_alike(one, other)


def test_plans_have_every_scheme_and_eight_bars(plans):
    assert {head for head, _ in plans} == {f"# Rhymes | {scheme}" for scheme in SCHEMES}
    assert {sum(map(len, ends.values())) for _, ends in plans} == {8}


def test_plans_keep_to_the_words_of_their_split_and_to_what_can_be_rhymed(words):
    few = {word: 5.0 for word in ("day", "say", "way", "orange")}

    found = list(word_lessons(PLAN, 50, few, 1))
    used = {end for lesson in found for group in _plan(lesson)[1].values() for end in group}

    assert used <= {"day", "say", "way"}
    assert not list(word_lessons(PLAN, 50, {"orange": 5.0}, 1))


def test_common_words_come_more_often(pairs, words):
    zipfs = words[Split.TRAIN]

    assert mean(zipfs[word] for word, _ in pairs[G2P]) > mean(zipfs.values()) + 0.5
    assert min(zipfs[word] for word, _ in pairs[RHYME]) >= COMMON


def test_words_of_one_split_are_never_in_another(words):
    train, test = set(words[Split.TRAIN]), set(words[Split.TEST])
    asked = {word for task in (G2P, RHYME) for word in _words_in(task, words[Split.TEST])}

    assert not train & test
    assert asked <= test
    assert len(train) > 15 * len(test) > 0


def _words_in(task, words):
    for lesson in word_lessons(task, 50, words, 1):
        asked, answer = _pair(lesson)
        yield asked
        if task == RHYME:
            yield from answer.split()


def test_more_lessons_keep_those_that_there_were(words):
    few = list(word_lessons(G2P, 50, words[Split.TRAIN], 1))

    assert list(word_lessons(G2P, 100, words[Split.TRAIN], 1))[:50] == few


def test_strong_language_can_be_left_out(words):
    clean = words_by_split(Splitter(1), clean=True)

    assert all(map(is_clean, clean[Split.TEST]))
    assert not all(map(is_clean, words[Split.TRAIN]))


@pytest.mark.parametrize(
    ("bar", "sound"),
    [
        ("I hold the plan", "AY1 | HH OW1 L D | DH AH0 | P L AE1 N"),
        ("Don't go, homie!", "D OW1 N T | G OW1 | HH OW1 M IY0"),
        ("24/7 I hold", ""),
        ("U.S.A. is home", ""),
        ("I hold the blorfagon", ""),
    ],
)
def test_a_bar_is_taught_whole_where_each_word_is_simply_known(bar, sound):
    assert written_sound(sound_of_bar(bar)) == sound
    lesson = bar_lesson(P2G, bar)
    assert (lesson.text if lesson else "") == (f"Spell: {sound}\n{bar}\n" if sound else "")
