import pytest
from hypothesis import given
from hypothesis import strategies as st

from bars.scheme import letters, shortest_scheme, usual_scheme


@pytest.mark.parametrize(
    ("scheme", "bars", "expected"),
    [
        ("AABB", 4, "AABB"),
        ("AABB", 8, "AABBCCDD"),
        ("ABAB", 4, "ABAB"),
        ("ABBA", 8, "ABBACDDC"),
        ("AAAA", 4, "AAAA"),
        ("AABA", 4, "AA.A"),
        ("ABCB", 4, ".A.A"),
        ("AABB", 3, "AA."),
        ("A", 3, "..."),
        ("free", 4, "...."),
    ],
)
def test_each_round_of_a_scheme_means_sounds_of_its_own(scheme, bars, expected):
    assert _pattern(letters(scheme, bars)) == _pattern(_letters(expected))


@pytest.mark.parametrize(
    ("given_letters", "expected"),
    [
        ("AABB", "AA"),
        ("AABBCCDD", "AA"),
        ("AABBCCDDEEFFGGHH", "AA"),
        ("ABABCDCD", "ABAB"),
        ("ABBACDDC", "ABBA"),
        ("AAAA", "AAAA"),
        ("AAAABBBB", "AAAA"),
        ("AA.A", "AABA"),
        (".A.A", "ABCB"),
        (".B.B", "ABCB"),
        ("BBAA", "AA"),
        ("AA.", "AA"),
        ("AA..", "AAB"),
        ("AAA", "AAA"),
        ("AAAAAAAA", "AAAAAAAA"),
        ("AABCBC", "AABCBC"),
        ("AAAAAAAAA", "free"),
        ("AAAAAAAAAAAAAAAA", "free"),
        ("A.......A", "free"),
        ("....", "free"),
        ("", "free"),
    ],
)
def test_the_shortest_scheme_says_which_bars_rhyme(given_letters, expected):
    assert shortest_scheme(_letters(given_letters)) == expected


@given(st.text("ABCDEFGH", min_size=1, max_size=8), st.integers(1, 16))
def test_the_shortest_scheme_gives_the_letters_of_any_scheme_back(scheme, bars):
    wanted = letters(scheme, bars)

    found = shortest_scheme(wanted)

    assert _pattern(letters(found, bars)) == _pattern(wanted)
    assert found == "free" or len(found) <= min(len(scheme), bars)


def _letters(written):
    return [None if letter == "." else letter for letter in written]


def _pattern(given):
    names = {}
    return [None if x is None else names.setdefault(x, len(names)) for x in given]


@pytest.mark.parametrize(
    ("given_letters", "expected"),
    [("AABB", "AABB"), ("AA", "AABB"), ("ABAB", "ABAB"), ("..", "free")],
)
def test_couplets_are_called_by_their_usual_name(given_letters, expected):
    assert usual_scheme(_letters(given_letters)) == expected
