"""How a model is led through a verse, and what it wrote: bar by bar, without any constraint."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice

from bars.plan import BarPlan, plan_verse
from bars.prompt import next_plan, planned_word, render_planned, render_prompt
from bars.rhyme import rhymes_strictly
from bars.rhyme_index import find_rhymes
from bars.text import last_word, tidy
from training_job.figures import Way
from training_job.generation import Talk, Turn
from training_job.split import unit_hash
from training_job.verse_prompts import VersePrompt
from training_job.verses import sound_alike

MOST_WORD_TOKENS, MOST_BAR_TOKENS = 16, 64
_COMMON = 3.5  # Zipf; a rarer word is none to end a bar on
_LOOKED_AT, _PARTNERS = 400, 12  # rhymes of a word by commonness, and those one is drawn from
WITH_WORDS = (Way.ASKED, Way.TOLD)


@dataclass(frozen=True)
class WrittenBar:
    """A bar as the model wrote it; `word` is what the plan said that it ends on, if anything."""

    text: str
    word: str = ""
    told: bool = False  # the word was given
    ended: bool = True  # by itself


@dataclass(frozen=True)
class WrittenVerse:
    """What became of one prompt; `bars` go without the opening."""

    prompt: VersePrompt
    way: Way
    sample: int
    bars: tuple[WrittenBar, ...]

    @property
    def lines(self) -> list[str]:
        return [*self.prompt.request.opening, *(bar.text for bar in self.bars)]


def verse_talk(prompt: VersePrompt, way: Way, seed: int, sample: int) -> Talk[WrittenVerse]:
    """Lead a model from the opening bar to the last one."""
    request, plans = prompt.request, plan_verse(prompt.request)
    lines = list(request.opening)
    if way is Way.FEW_SHOT:
        told = render_prompt(request, lines)
    else:
        told = render_planned(request, lines, way in WITH_WORDS)
    written = []
    for plan in plans[len(lines) :]:
        word = ""
        if way is Way.TOLD:
            word = told_word(plan, lines, seed, prompt.name, sample)
        given = bool(word)
        if way in WITH_WORDS and not given:
            proposal = yield Turn(told, MOST_WORD_TOKENS)
            word, told = tidy(proposal.text), ""
        elif way is not Way.FEW_SHOT:
            told += planned_word(word)
        line = yield Turn(told, MOST_BAR_TOKENS)
        written.append(WrittenBar(tidy(line.text), word, given, line.ended))
        lines.append(written[-1].text)
        told = "" if way is Way.FEW_SHOT else next_plan(plans, lines, way in WITH_WORDS)
    return WrittenVerse(prompt, way, sample, tuple(written))


def told_word(plan: BarPlan, lines: Sequence[str], *key: object) -> str:
    """A common word that rhymes perfectly with the bar's last partner; empty if there is none."""
    ends = [last_word(lines[place]) for place in plan.partners]
    if not ends:
        return ""
    found = find_rhymes(ends[-1], clean=True, near=False, limit=_LOOKED_AT)
    fitting = (
        each.word
        for each in found
        if each.zipf >= _COMMON
        and rhymes_strictly(ends[-1], each.word)
        and not any(sound_alike(end, each.word) for end in ends)
    )
    partners = islice(fitting, _PARTNERS)
    return min(partners, key=lambda word: unit_hash(*key, plan.index, word), default="")
