import pytest

from bars.pronunciation import hear


@pytest.mark.parametrize(
    ("word", "source", "usual"),
    [
        ("plan", "dictionary", "P L AE1 N"),
        ("ridin'", "rule", "R AY1 D IH0 N"),
        ("grandma's", "dictionary", "G R AE1 N D M AA2 Z"),
        ("notebook's", "rule", "N OW1 T B UH2 K S"),
        ("colour", "dictionary", "K AH1 L ER0"),
        ("savourless", "rule", "S EY1 V ER0 L AH0 S"),
        ("streetlike", "rule", "S T R IY1 T L AY2 K"),
        ("rappaz", "rule", "R AE1 P AH0 Z"),
        ("skyfire", "rule", "S K AY1 F AY2 ER0"),
    ],
)
def test_a_word_is_heard_from_the_dictionary_or_by_rule(word, source, usual):
    heard = hear(word)

    assert (heard.source, " ".join(heard.pronunciations[0])) == (source, usual)


def test_an_unlisted_word_has_syllables_but_no_sound():
    heard = hear("blorptastic", predict=False)

    assert (heard.pronunciations, heard.source) == ((), "spelling")
    assert heard.syllables == (3, 3)
