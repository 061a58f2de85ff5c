"""Whether a model knows how words sound, how sounds are spelled and what rhymes, by its answers.

Only lessons about single words are asked. Every accepted pronunciation of a word counts as right,
and every known spelling of a sound.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from bars.dictionary import Pronunciation
from bars.prompt import Lesson, g2p_prompt, p2g_prompt, rhyme_prompt
from bars.pronunciation import hear
from bars.rhyme import rhyme
from bars.rhyme_rules import RhymeKind
from bars.text import words_of
from training_job.generation import Talk, Turn, converse
from training_job.lesson_losses import Watch
from training_job.sound_lessons import G2P, P2G, RHYME
from training_job.token_rows import GREEDY, Speaker
from training_job.verse_rhymes import Tally

_BEGINNINGS = {
    G2P: g2p_prompt("").rstrip("\n"),
    P2G: p2g_prompt(()).rstrip("\n"),
    RHYME: rhyme_prompt("").rstrip("\n"),
}


def question_of(lesson: Lesson) -> str:
    """What a lesson about sound asks for: a word, or a sound in phonemes."""
    return lesson.prompt.removeprefix(_BEGINNINGS[lesson.task]).strip()


def sound_answers(
    speaker: Speaker, lessons: Sequence[Lesson], watch: Watch
) -> Iterator[tuple[Lesson, str]]:
    """The likeliest answers to the lessons about single words, in order."""
    asked = [lesson for lesson in lessons if _is_of_a_word(lesson)]
    talks = [_question(speaker, lesson) for lesson in asked]
    found = converse(speaker, talks, GREEDY)
    answers = dict(watch(found, "Sounds", len(asked)))
    yield from ((lesson, answers[place]) for place, lesson in enumerate(asked))


def _is_of_a_word(lesson: Lesson) -> bool:
    if lesson.task not in _BEGINNINGS:
        return False
    return " " not in question_of(lesson) if lesson.task != P2G else "|" not in lesson.prompt


def _question(speaker: Speaker, lesson: Lesson) -> Talk[str]:
    """Ask once; twice the tokens of the right answer are enough for any that is near it."""
    most = 8 + 2 * len(speaker.encode(lesson.text.removeprefix(lesson.prompt)))
    line = yield Turn(lesson.prompt, most)
    return line.text.strip()


def tally_of(lesson: Lesson, answer: str) -> Tally:
    """The figures of one answer."""
    question, taught = question_of(lesson), lesson.text.removeprefix(lesson.prompt).strip()
    if lesson.task == G2P:
        known = hear(question, predict=False).pronunciations
        return _said((tuple(taught.split()), *known), tuple(answer.split()))
    if lesson.task == P2G:
        return _spelled(tuple(question.split()), taught, answer)
    first = words_of(answer)[:1]
    perfect = bool(first) and rhyme(question, first[0]).kind is RhymeKind.PERFECT
    return {"perfect": (perfect, 1)}


def _said(accepted: Sequence[Pronunciation], answer: Pronunciation) -> Tally:
    plain = [without_stress(each) for each in accepted]
    edits, length = _fewest(accepted, answer)
    plain_edits, plain_length = _fewest(plain, without_stress(answer))
    return {
        "word_error": (edits > 0, 1),
        "word_error_no_stress": (plain_edits > 0, 1),
        "phoneme_error": (edits, length),
        "phoneme_error_no_stress": (plain_edits, plain_length),
    }


def without_stress(sound: Pronunciation) -> Pronunciation:
    return tuple(phoneme.rstrip("012") for phoneme in sound)


def _fewest(accepted: Sequence[Pronunciation], answer: Pronunciation) -> tuple[int, int]:
    """Edits to the nearest accepted pronunciation, and its length."""
    return min((edit_distance(sound, answer), len(sound)) for sound in accepted)


def _spelled(sound: Pronunciation, word: str, answer: str) -> Tally:
    right = answer == word or sound in hear(answer, predict=False).pronunciations
    return {
        "word_error": (not right, 1),
        "letter_error": (0 if right else edit_distance(word, answer), len(word)),
    }


def edit_distance(one: Sequence[Any], other: Sequence[Any]) -> int:
    """Insertions, deletions and changes from one to the other (Levenshtein 1966)."""
    before = list(range(len(other) + 1))
    for i, a in enumerate(one, 1):
        row = [i]
        for j, b in enumerate(other, 1):
            row.append(min(before[j - 1] + (a != b), before[j] + 1, row[-1] + 1))
        before = row
    return before[-1]
