import pytest

from bars.dictionary import look_up
from bars.prompt import g2p_lesson, p2g_lesson, rhyme_lesson
from training_job.sound_figures import edit_distance, tally_of


@pytest.mark.parametrize(
    ("word", "answer", "wrong", "wrong_aside", "edits"),
    [
        ("night", "N AY1 T", 0, 0, 0),
        ("night", "N AY0 T", 1, 0, 1),
        ("night", "N AY1", 1, 1, 1),
        ("night", "", 1, 1, 3),
        ("either", "AY1 DH ER0", 0, 0, 0),  # both are right, whichever was taught
        ("either", "IY1 DH ER0", 0, 0, 0),
    ],
)
def test_every_accepted_pronunciation_is_right(word, answer, wrong, wrong_aside, edits):
    tally = tally_of(g2p_lesson(word, [look_up(word)[0]]), answer)

    assert tally["word_error"] == (wrong, 1)
    assert tally["word_error_no_stress"] == (wrong_aside, 1)
    assert tally["phoneme_error"] == (edits, 3)


@pytest.mark.parametrize(
    ("answer", "wrong", "edits"),
    [("night", 0, 0), ("knight", 0, 0), ("nait", 1, 3), ("nigh", 1, 1), ("", 1, 5)],
)
def test_every_spelling_of_a_sound_is_right(answer, wrong, edits):
    tally = tally_of(p2g_lesson("night", [("N", "AY1", "T")]), answer)

    assert tally == {"word_error": (wrong, 1), "letter_error": (edits, 5)}


@pytest.mark.parametrize(
    ("answer", "right"),
    [("bright", 1), ("night", 0), ("knight", 0), ("life", 0), ("", 0), ("bright night", 1)],
)
def test_the_first_word_of_an_answer_must_rhyme_perfectly(answer, right):
    assert tally_of(rhyme_lesson("night", ["light"]), answer)["perfect"] == (right, 1)


@pytest.mark.parametrize(
    ("one", "other", "edits"),
    [("", "", 0), ("abc", "abc", 0), ("abc", "", 3), ("kitten", "sitting", 3), ("ab", "ba", 2)],
)
def test_edit_distance(one, other, edits):
    assert edit_distance(one, other) == edits
