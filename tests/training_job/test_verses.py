import pytest
from hypothesis import given
from hypothesis import strategies as st

from bars.rhyme import rhyme
from bars.sample_verses import sample_verses
from bars.scheme import letters, usual_scheme
from bars.verse_sound import line_end
from training_job.verses import REAL, cuts, sound_alike, topic_of, verses_of

COUPLETS = [
    "The last bus home is coughing up the hill",
    "My notebook shakes but every line sits still",
    "I write the city down before it sleeps",
    "And every promise that the morning keeps",
]


def verses(*lines, title="The night bus"):
    return list(verses_of("id", title, [lines], 1))


def bar(end):
    return f"I walk along the river to the {end}"


def test_a_verse_has_topic_scheme_letters_syllables_and_end_words():
    (verse,) = verses(*COUPLETS)

    assert (verse.topic, verse.scheme) == ("The night bus", "AABB")
    assert [each.letter for each in verse.bars] == ["A", "A", "B", "B"]
    assert [each.count for each in verse.bars] == [10, 10, 10, 10]
    assert [each.word for each in verse.bars] == ["hill", "still", "sleeps", "keeps"]
    assert [each.text for each in verse.bars] == COUPLETS


@pytest.mark.parametrize("sample", sample_verses(), ids=lambda verse: verse.topic)
def test_our_verses_keep_the_letters_of_their_schemes(sample):
    for verse in verses_of(sample.topic, sample.topic, [sample.bars], 1):
        start = sample.bars.index(verse.bars[0].text)
        given_letters = letters(sample.scheme, len(sample.bars))[start : start + len(verse.bars)]
        assert verse.scheme in {sample.scheme, usual_scheme(given_letters)}
        assert _pattern(verse) == _pattern_of(given_letters)


@pytest.mark.parametrize(
    ("ends", "letters_heard"),
    [
        (("hill", "still", "sleeps", "keeps"), "AABB"),
        (("hill", "street", "still", "river"), "A.A."),
        (("hill", "hill", "sleeps", "keeps"), "..AA"),  # the same word
        (("night", "knight", "sleeps", "keeps"), "..AA"),  # the same sound
        (("wear", "where", "sleeps", "keeps"), "..AA"),  # the same sound in one of its readings
        (("hill", "still", "hill", "mill"), ".A.A"),  # what is left of the group still rhymes
        (("hill", "still", "hill", "street"), "...."),
        (("moon tonight", "soon a light", "sleeps", "keeps"), "AABB"),
        (("time", "mine", "sleeps", "keeps"), "AABB"),  # slant
    ],
)
def test_only_true_rhymes_have_letters(ends, letters_heard):
    found = verses(*map(bar, ends))

    heard = _pattern(found[0]) if found else None
    given_letters = [None if each == "." else each for each in letters_heard]
    assert heard == (_pattern_of(given_letters) if any(given_letters) else None)


def test_a_verse_in_which_only_a_word_repeats_is_not_taught():
    assert verses(*map(bar, ["hill", "hill", "street", "river"])) == []


def test_a_verse_without_rhymes_is_free():
    (verse,) = verses(*map(bar, ["hill", "street", "river", "house"]))

    assert verse.scheme == "free"


def test_bars_of_one_letter_rhyme_truly_and_sound_different():
    for sample in sample_verses():
        for verse in verses_of(sample.topic, "", [sample.bars[::2] + sample.bars[1::2]], 2):
            for name in {each.letter for each in verse.bars} - {None}:
                group = [each for each in verse.bars if each.letter == name]
                pairs = [(a, b) for a in group for b in group if a is not b]
                assert not any(sound_alike(a.word, b.word) for a, b in pairs)
                assert all(any(_true(a, b) for b in group if b is not a) for a in group)


@pytest.mark.parametrize("odd", ["Yeah", "la " * 21, "x" * 121, "..."])
def test_a_line_that_nobody_may_ask_for_ends_a_verse(odd):
    found = verses(*COUPLETS, odd, *COUPLETS[:3])

    assert [len(verse.bars) for verse in found] == [4]


def test_a_stanza_of_any_length_is_cut_into_verses():
    stanza = [line for sample in sample_verses()[:20] for line in sample.bars]

    lengths = [len(verse.bars) for verse in verses(*stanza)]

    assert set(lengths) <= set(range(4, 17))
    assert sum(lengths) == len(stanza) == 320


@given(st.integers(4, 200), st.integers(0, 50))
def test_cuts_cover_all_bars_in_pieces_of_4_to_16(bars, key):
    pieces = list(cuts(bars, key))

    assert [piece.start for piece in pieces[1:]] == [piece.stop for piece in pieces[:-1]]
    assert (pieces[0].start, pieces[-1].stop) == (0, bars)
    assert all(4 <= piece.stop - piece.start <= 16 for piece in pieces)


@pytest.mark.parametrize(
    ("title", "topic"),
    [
        ("Long Way (feat. Bo) [Remix]", "Long Way"),
        ("Long Way ft. Bo", "Long Way"),
        ("Long Way - Live at the Pier", "Long Way"),
        ("Long-Way - Home", "Long-Way - Home"),
        ("#1 | “Way”\n", '1 "Way'),
        ("(Intro)", ""),
        ("w" * 200, "w" * 120),
    ],
)
def test_the_topic_is_the_title_without_guests_and_versions(title, topic):
    assert topic_of(title) == topic


def _true(one, other):
    return rhyme(line_end(one.text), line_end(other.text)).kind in REAL


def _pattern(verse):
    return _pattern_of([each.letter for each in verse.bars])


def _pattern_of(given_letters):
    """Letters as numbers in the order in which they come; one that stands alone is none."""
    names = {}
    return [
        None
        if given_letters.count(each) < 2 or each is None
        else names.setdefault(each, len(names))
        for each in given_letters
    ]
