"""Lessons about sound alone: how words are spoken, how sounds are spelled, what rhymes.

Words are split by their own hash, as songs are by their artists'. Both words of a rhyme lesson
belong to its split.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import islice
from math import log

from bars.dictionary import Pronunciation, commonness, listed_words, look_up, look_up_slang
from bars.dictionary import slang_words as lexicon_words
from bars.language import is_clean
from bars.prompt import Lesson, g2p_lesson, p2g_lesson
from bars.pronunciation import hear
from bars.spoken import spoken, tokens_of
from training_job.rhyme_lessons import COMMON, RhymingWords, plan_lessons, rhyme_lessons
from training_job.split import Split, Splitter, unit_hash

SOUND_TASKS = G2P, P2G, RHYME, PLAN = "g2p", "p2g", "rhyme", "plan"
BARS_SHARE = 0.1  # of the g2p and p2g lessons are about whole bars
_KNOWN = 1.5  # Zipf: words that are rarer are mostly surnames
_LEXICON = 4.0  # Zipf: taken for the words of our own lexicon, which no list counts
_SPELLED_AS_SAID = re.compile(r"(?=.*[aeiouy])[a-z]+(?:'[a-z]+)*")


def word_lessons(task: str, count: int, words: Mapping[str, float], seed: int) -> Iterator[Lesson]:
    """So many lessons about the words of one split; fewer if the words end."""
    if task == PLAN:
        return plan_lessons(RhymingWords(words), count, seed)
    drawn = _drawn(task, words, seed) if count else []
    made: Iterable[Lesson | None]
    if task == RHYME:
        made = rhyme_lessons(RhymingWords(words), drawn, seed)
    elif task == G2P:
        made = (g2p_lesson(word, (_spoken(word),)) for word in drawn)
    else:
        made = (_spelled(word) for word in drawn)
    return islice(filter(None, made), count)


def words_by_split(splitter: Splitter, clean: bool) -> dict[Split, dict[str, float]]:
    """The words of each split and how common they are; `clean` leaves strong language out."""
    found: dict[Split, dict[str, float]] = {split: {} for split in Split}
    for word, zipf in _words():
        if not clean or is_clean(word):
            found[splitter.of_name(word)][word] = zipf
    return found


def bar_lesson(task: str, bar: str) -> Lesson | None:
    """A g2p or p2g lesson of a whole bar; none if one of its words is not simply known."""
    sound = sound_of_bar(bar)
    if not sound:
        return None
    return g2p_lesson(bar, sound) if task == G2P else p2g_lesson(bar, sound)


def sound_of_bar(bar: str) -> tuple[Pronunciation, ...]:
    """The usual pronunciation of each word; () where a token is no word that we know."""
    sound = []
    for token in tokens_of(bar):
        heard = hear(token.words[0], predict=False)
        if token.words != (token.text.lower(),) or not heard.known:
            return ()
        sound.append(heard.pronunciations[0])
    return tuple(sound)


def _drawn(task: str, words: Mapping[str, float], seed: int) -> list[str]:
    """The words in the order in which they are drawn.

    A word is twice as likely for each unit of Zipf (weighted drawing without putting back,
    Efraimidis and Spirakis 2006).
    """
    rarest = COMMON if task == RHYME else _KNOWN
    keys = [
        (log(unit_hash(seed, task, word) or 1e-18) / 2.0**zipf, word)
        for word, zipf in words.items()
        if zipf >= rarest
    ]
    return [word for _, word in sorted(keys, reverse=True)]


@cache
def _words() -> tuple[tuple[str, float], ...]:
    """Words that are said as they are written and not by letter, and how common they are."""
    listed = ((word, commonness(word)) for word in listed_words())
    ours = ((word, _LEXICON) for word in lexicon_words() if not commonness(word))
    zipfs = {
        word: zipf
        for word, zipf in (*listed, *ours)
        if zipf >= _KNOWN and _SPELLED_AS_SAID.fullmatch(word) and spoken(word) == (word,)
    }
    return tuple(sorted(zipfs.items()))


def _spoken(word: str) -> Pronunciation:
    return (look_up(word) or look_up_slang(word))[0]


@cache
def _spellings() -> dict[Pronunciation, str]:
    """The commonest spelling of each sound."""
    by_rarity = sorted(_words(), key=lambda pair: pair[1])
    return {_spoken(word): word for word, _ in by_rarity}


def _spelled(word: str) -> Lesson | None:
    sound = _spoken(word)
    return p2g_lesson(word, (sound,)) if _spellings()[sound] == word else None
