import pytest

from bars.scheme import letters


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
    given = letters(scheme, bars)

    assert _pattern(given) == _pattern([None if c == "." else c for c in expected])


def _pattern(given):
    names = {}
    return [None if x is None else names.setdefault(x, len(names)) for x in given]
