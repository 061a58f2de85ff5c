"""Words that may end a bar, by a vocabulary of a dozen tokens."""

import pytest

from bars.rhyme import usual_rhyme
from bars.rhyme_rules import RhymeKind
from inference.rhyme_class import RhymeClasses

# in the order in which a tokenizer would have found them
TOKENS = (
    " day", " Keith", " say", " light", " night", " tree", " Europe", " key", " John", " free",
    " near", " clear", *[f" fill{n}" for n in range(30)], " europe", " thirty", " john", " site",
)  # fmt: skip


class Tokens:
    """As much of an engine as classes need: each rarer word is two tokens."""

    token_texts = list(TOKENS)

    def encode_all(self, texts):
        return [[1, 2] for _ in texts]


@pytest.fixture(scope="module")
def classes():
    return RhymeClasses(Tokens())


def ends(classes, *words, kind=RhymeKind.PERFECT):
    return [end.text for end in classes.rhyming(words, kind)]


def test_common_words_come_first(classes):
    assert ends(classes, "bright")[:3] == ["light", "night", "site"]


def test_a_word_rhymes_neither_with_itself_nor_with_one_that_sounds_the_same(classes):
    assert not {"night", "knight"} & set(ends(classes, "night"))


def test_a_word_that_would_sound_the_same_at_its_end_is_no_sure_rhyme(classes):
    assert "thirty" not in ends(classes, "tea")
    assert "free" in ends(classes, "tea")


def test_near_rhymes_with_here_although_the_dictionary_writes_them_differently(classes):
    assert {"near", "clear"} <= set(ends(classes, "here"))


def test_a_word_of_two_readings_is_rhymed_in_one_of_them(classes):
    assert {"day", "say"} <= set(ends(classes, "tuesday"))


def test_what_is_noted_alike_comes_before_what_only_sounds_alike(classes):
    found = ends(classes, "tired")
    assert "wired" in found
    assert "expired" not in found


def test_a_word_of_two_readings_is_rhymed_in_the_usual_one_where_that_can_be(classes):
    found = ends(classes, "palm")
    assert "sitcom" in found
    assert all(usual_rhyme("palm", word).kind is RhymeKind.PERFECT for word in found)


def test_names_end_no_bar(classes):
    found = {*ends(classes, "teeth"), *ends(classes, "gone")}
    assert "beneath" in found
    assert not {"keith", "john"} & found
    assert classes.partners_of("syrup") == 0  # not Europe


def test_few_common_words_are_joined_by_rarer_ones(classes):
    found = classes.rhyming(["wreath"], RhymeKind.PERFECT)
    assert {len(end.tokens) for end in found} == {2}


def test_all_partners_are_rhymed_with(classes):
    assert not ends(classes, "light", "day")
