import pytest
from hypothesis import given
from hypothesis import strategies as st

from bars.rhyme_scheme import customary_schemes, find_scheme, linked_pairs, normal


@pytest.mark.parametrize(
    ("ends", "scheme"),
    [
        ("plan man light night", "AABB"),
        ("plan light man night", "ABAB"),
        ("plan light night man", "ABBA"),
        ("plan man van can", "AAAA"),
        ("love river move giver", "ABAB"),
        ("eternity night sea light", "ABAB"),
        ("plan", "A"),
        ("", ""),
    ],
)
def test_a_stanza_has_the_scheme_that_is_heard(ends, scheme):
    assert find_scheme(ends.split()) == normal(scheme)


def test_a_weak_link_falls_where_both_lines_have_a_strong_partner():
    assert linked_pairs(["love", "above", "move", "prove"]) >= {(0, 1), (2, 3)}
    assert (0, 2) not in linked_pairs(["love", "above", "proof", "roof"])


@given(st.text("ABCD", max_size=12), st.permutations("wxyz"))
def test_a_scheme_does_not_depend_on_its_letters(scheme, letters):
    renamed = scheme.translate(str.maketrans("ABCD", "".join(letters)))

    assert normal(renamed) == normal(scheme)


@given(st.lists(st.sampled_from(["plan", "man", "light", "sea", "love", "", "?"]), max_size=16))
def test_every_line_has_a_group(ends):
    scheme = find_scheme(ends)

    assert len(scheme) == len(ends)
    assert normal(scheme) == scheme


def test_customary_schemes_of_four_lines():
    assert {normal("AABB"), normal("ABAB"), normal("ABBA")} <= customary_schemes(4)
