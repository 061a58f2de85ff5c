import pytest

from bars.pronunciation import hear


@pytest.mark.parametrize(
    ("word", "source", "usual"),
    [
        ("plan", "dictionary", "P L AE1 N"),
        ("ridin'", "rule", "R AY1 D IH0 N"),
        ("grandma's", "dictionary", "G R AE1 N D M AA2 Z"),
        ("notebook's", "rule", "N OW1 T B UH2 K S"),
    ],
)
def test_a_word_is_heard_from_the_dictionary_or_by_rule(word, source, usual):
    heard = hear(word)

    assert (heard.source, " ".join(heard.pronunciations[0])) == (source, usual)


def test_an_unlisted_word_has_syllables_but_no_sound():
    heard = hear("skrrtable")

    assert (heard.pronunciations, heard.source) == ((), "spelling")
