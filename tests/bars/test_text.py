import pytest

from bars.text import last_word, tidy, words_of


@pytest.mark.parametrize(
    ("bar", "words"),
    [
        ("I'm ridin’ late, 'cause we can!", ["i'm", "ridin'", "late", "'cause", "we", "can"]),
        ("Rock-and-roll", ["rock", "and", "roll"]),
        ("24/7 in NYC", ["twenty", "four", "seven", "in", "n.", "y.", "c."]),
        ("", []),
    ],
)
def test_words_are_lower_case_with_plain_apostrophes(bar, words):
    assert words_of(bar) == words


def test_the_last_word_may_be_missing():
    assert last_word("walk on by...") == "by"
    assert last_word("...") == ""


def test_tidy_text_is_one_line():
    assert tidy(" a\tb\x00\u200b c\n") == "a b c"
