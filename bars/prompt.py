"""How a model is asked for a verse: one file for training and serving, versioned.

Version 1 shows a base model a few of our own verses under their topics and lets it go on.
Version 2 is what adapters are trained on: topic and scheme in the heading, then each bar after
its plan, a line with the bar's letter and its syllables. For adapters that learned the rhyme word
first, the word that the bar ends on follows; a colon announces the word that it is to rhyme with:

    # The night bus | AABB
    A 10 hill
    The last bus home is coughing up the hill
    A 10: hill still
    My notebook shakes but every line sits still

Where the end word is left out, the model may propose it. It stands right after the word that it
rhymes with, as in lessons that list rhymes, so that what those teach holds here.
A prompt never ends in a space: the words after it would be cut into unnatural tokens. No part of a
prompt has two line ends in a row, for the same reason.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from bars.dictionary import Pronunciation
from bars.meter import syllables
from bars.plan import USUAL_SYLLABLES, BarPlan, partner_bars, plan_verse
from bars.sample_verses import sample_verses
from bars.scheme import letters_in_order, usual_scheme
from bars.text import last_word
from bars.verse import VerseRequest

PROMPT_VERSIONS = (1, 2)
LESSON_VERSION = 2  # what adapters are trained on
BAR_END = "\n"
NO_TOPIC = "Freestyle"
NO_BARS = "Rhymes"  # the topic of plans that stand alone
NOT_PLANNED = "-"  # stands for a letter or a count that is free


@dataclass(frozen=True)
class Example:
    """The beginning of one of our verses, shown to the model before the visitor's."""

    topic: str
    scheme: str
    bars: tuple[str, ...]


@cache
def examples() -> tuple[Example, ...]:
    """Every example of version 1: the first four bars of our first ten verses."""
    return tuple(Example(v.topic, v.scheme, v.bars[:4]) for v in sample_verses()[:10])


def render_shared(scheme: str) -> str:
    """The part of a prompt of version 1 that every request with this scheme begins with."""
    fitting = [e for e in examples() if e.scheme == scheme]
    shown = fitting or [e for e in examples() if e.scheme == "AABB"]
    return "".join(f"# {e.topic}\n" + "\n".join(e.bars) + "\n\n" for e in shown)


def render_request(request: VerseRequest, verse: Sequence[str]) -> str:
    """The rest of a prompt of version 1: the topic and the bars so far; the next bar follows."""
    heading = request.topic or NO_TOPIC
    return f"# {heading}\n" + "".join(bar + BAR_END for bar in verse)


def render_prompt(request: VerseRequest, verse: Sequence[str]) -> str:
    """A whole prompt of version 1."""
    return render_shared(request.scheme) + render_request(request, verse)


def heading(topic: str, letters: Sequence[str | None]) -> str:
    """The first line of a verse in version 2: its topic, and the scheme of its bars' letters."""
    return f"# {topic or NO_TOPIC} | {usual_scheme(letters)}\n"


def plan_of(letter: str | None, count: int | None, rhymed: str = "") -> str:
    """The beginning of a plan line: letter, syllables and the word to rhyme with, if there is one.

    The bar's own end word follows, or the line's end.
    """
    return f"{letter or NOT_PLANNED} {count or NOT_PLANNED}" + (f": {rhymed}" if rhymed else "")


def planned_word(word: str) -> str:
    """The rest of a plan line: the word that the bar is to end on, or none."""
    return (f" {word}" if word else "") + BAR_END


def render_planned(request: VerseRequest, verse: Sequence[str], words: bool) -> str:
    """A prompt of version 2 up to the next bar's plan, without that plan's end word.

    With `words` the plans of the bars so far name the words that they end on.
    """
    plans = plan_verse(request)
    letters = letters_in_order(plan.letter for plan in plans)
    told = "".join(
        plan_of(letter, _count(request.sounds.on(bar), plan), _rhymed(plan, plans, verse, words))
        + planned_word(last_word(bar) if words else "") + bar + BAR_END
        for bar, plan, letter in zip(verse, plans, letters, strict=False)
    )  # fmt: skip
    return heading(request.topic, letters) + told + next_plan(plans, verse, words)


def next_plan(plans: Sequence[BarPlan], verse: Sequence[str], words: bool) -> str:
    """The plan of the bar after a verse so far, without its end word; empty after the last bar."""
    if len(verse) >= len(plans):
        return ""
    plan = plans[len(verse)]
    letter = letters_in_order(each.letter for each in plans)[plan.index]
    return plan_of(letter, plan.target or USUAL_SYLLABLES, _rhymed(plan, plans, verse, words))


def _rhymed(plan: BarPlan, plans: Sequence[BarPlan], verse: Sequence[str], words: bool) -> str:
    """The end word of the last bar that a bar rhymes with."""
    bars = partner_bars(plan, plans, verse) if words else []
    return last_word(bars[-1][1]) if bars else ""


def _count(bar: str, plan: BarPlan) -> int:
    """The syllables that the plan of a bar which is there already would have had."""
    return syllables(bar).nearest(plan.target or USUAL_SYLLABLES)


@dataclass(frozen=True)
class Part:
    """A piece of a lesson; only what is `learned` carries loss."""

    text: str
    learned: bool


@dataclass(frozen=True)
class Lesson:
    """One training example of version 2. Parts meet where tokens meet, whatever the tokenizer."""

    task: str
    parts: tuple[Part, ...]

    @property
    def prompt(self) -> str:
        """What stands before the first part that is learned."""
        told = []
        for part in self.parts:
            if part.learned:
                break
            told.append(part.text)
        return "".join(told)

    @property
    def text(self) -> str:
        return "".join(part.text for part in self.parts)


@dataclass(frozen=True)
class LessonBar:
    """A bar as a lesson shows it: its letter in the verse, its syllables, its end word or none."""

    letter: str | None
    count: int
    word: str
    text: str


def verse_lesson(topic: str, bars: Sequence[LessonBar], opening: int) -> Lesson:
    """A verse from its topic, or from its first `opening` bars: these are told, not learned.

    The plans' letters and counts are always told; end words are learned with the bars, so that
    the model can both be told the word and propose it.
    """
    letters = letters_in_order(bar.letter for bar in bars)
    told = heading(topic, letters)
    parts: list[Part] = []
    for index, bar in enumerate(bars):
        told += plan_of(letters[index], bar.count, _end_before(bars, letters, index))
        answer = planned_word(bar.word) + bar.text + BAR_END
        if not bar.word:
            told, answer = told + BAR_END, bar.text + BAR_END
        if index < opening:
            told += answer
        else:
            parts += [Part(told, False), Part(answer, True)]
            told = ""
    return Lesson("rhyme word first" if bars[0].word else "verse", tuple(parts))


def _end_before(bars: Sequence[LessonBar], letters: Sequence[str | None], index: int) -> str:
    """The end word of the last bar before one that has its letter."""
    before = zip(reversed(bars[:index]), reversed(letters[:index]), strict=True)
    return next((bar.word for bar, letter in before if letter and letter == letters[index]), "")


def g2p_prompt(text: str) -> str:
    return f"Say: {text}\n"


def p2g_prompt(sound: Sequence[Pronunciation]) -> str:
    return f"Spell: {written_sound(sound)}\n"


def rhyme_prompt(word: str) -> str:
    """The words that rhyme follow on the same line, as tokens that begin with a space: so end
    words of plans are written."""
    return f"Rhyme: {word}"


def written_sound(sound: Sequence[Pronunciation]) -> str:
    """Words' phonemes with their stress digits, words apart by a bar: M AY1 | N EY1 M."""
    return " | ".join(" ".join(word) for word in sound)


def g2p_lesson(text: str, sound: Sequence[Pronunciation]) -> Lesson:
    """From spelling to sound."""
    return _asked("g2p", g2p_prompt(text), written_sound(sound))


def p2g_lesson(text: str, sound: Sequence[Pronunciation]) -> Lesson:
    """From sound to spelling."""
    return _asked("p2g", p2g_prompt(sound), text)


def rhyme_lesson(word: str, others: Sequence[str]) -> Lesson:
    """Words that rhyme with a word, and so with each other."""
    return _asked("rhyme", rhyme_prompt(word), "".join(f" {other}" for other in others))


def plan_lesson(
    letters: Sequence[str | None], counts: Sequence[int], ends: Sequence[str]
) -> Lesson:
    """The plans of a verse without its bars: end words that rhyme as the letters say."""
    told = heading(NO_BARS, letters)
    parts: list[Part] = []
    before: dict[str | None, str] = {}
    for letter, count, end in zip(letters, counts, ends, strict=True):
        rhymed = before.get(letter, "") if letter else ""
        parts += [Part(told + plan_of(letter, count, rhymed), False), Part(planned_word(end), True)]
        before[letter] = end
        told = ""
    return Lesson("plan", tuple(parts))


def _asked(task: str, prompt: str, answer: str) -> Lesson:
    return Lesson(task, (Part(prompt, False), Part(answer + BAR_END, True)))
