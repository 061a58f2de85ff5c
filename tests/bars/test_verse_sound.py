import pytest
from hypothesis import given
from hypothesis import strategies as st

from bars.verse_sound import LONGEST_STANZA, equal_vowels, hear_stanza, hear_text, stanzas_of

VERSE = [
    "The orange sun is falling and I can't sit still",
    "I wrote it on a napkin with a ten-dollar bill",
    "A poet, and I know it, so I'm paying the price",
    "They told me once to quit it and I told 'em twice",
]


def test_a_stanza_has_letters_and_its_lines_know_their_partners():
    stanza = hear_stanza(VERSE)

    assert stanza.scheme == "AABB"
    assert [line.partner for line in stanza.lines] == [None, 0, None, 2]
    assert stanza.lines[1].rhyme.kind == "perfect"


def test_a_line_without_partner_has_no_letter():
    assert hear_stanza(["I hold the plan", "a quiet street", "I am the man"]).scheme == "AxA"
    assert hear_stanza(["the plan", "the light", "the man", "the street"]).scheme == "AxAx"
    assert hear_stanza(["привет мир", "I am the man", "😀", "I hold the plan"]).scheme == "xAxA"


def test_words_that_rhyme_inside_the_lines_are_of_one_group():
    stanza = hear_stanza(["The light of the night is a sight", "and the fight is in spite of it"])
    colored = {word.text for line in stanza.lines for word in line.words if word.group == 0}

    assert colored == {"light", "night", "sight", "fight", "spite"}


def test_a_repeated_word_alone_is_no_rhyme():
    assert hear_stanza(["run and run", "run"]).chains == ()


def test_line_ends_of_one_letter_are_of_one_group():
    for line, other in ((0, 1), (2, 3)):
        lines = hear_stanza(VERSE).lines
        assert lines[line].words[-1].group == lines[other].words[-1].group is not None


@pytest.mark.parametrize(
    ("line", "other", "count"),
    [
        ("on a city night", "in the gritty light", 4),
        ("the plan", "a man", 2),
        ("plan", "tree", 0),
        ("", "tree", 0),
    ],
)
def test_equal_vowels_are_counted_from_the_end(line, other, count):
    assert equal_vowels(line, other) == count


def test_words_know_where_they_stand_in_the_line():
    for line in hear_stanza(["Ridin' 24/7, in NYC!"]).lines:
        assert [line.text[w.start : w.end] for w in line.words] == ["Ridin'", "24/7", "in", "NYC"]


def test_blank_lines_and_headings_part_stanzas():
    assert list(stanzas_of("[Verse]\na\nb\n\n(Hook)\nc\n")) == [["a", "b"], ["c"]]
    assert list(stanzas_of("")) == []
    long = list(stanzas_of("a line\n" * (LONGEST_STANZA + 1)))
    assert [len(stanza) for stanza in long] == [LONGEST_STANZA, 1]


@given(st.text(max_size=200))
def test_no_text_is_too_strange(text):
    for stanza in hear_text(text):
        assert len(stanza.scheme) == len(stanza.lines)
