"""Words by their rhyme: what may end a bar that rhymes with given words."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from bars.dictionary import Pronunciation, commonness, listed_words, look_up
from bars.ending import part_of
from bars.pronunciation import hear
from bars.rhyme import RhymeKind, blurred_part, rhyming_part, usual_rhyme
from inference.engine import Engine

FEW = 4  # end words that a bar should at least have to choose from
MOST_TOKENS = 3  # of a rarer word
LONGER_WORD = 1.5  # log-probability that each further token of an end word costs, roughly
MOST_RARE = 24  # of a class, the most usual first
RAREST, RAREST_OF_ONE_TOKEN = 2.0, 3.0  # Zipf frequency
_USUAL = {3: 4.0, 4: 3.4}  # by letters
SHORTEST_RARE = 5  # letters; shorter words of several tokens are names and abbreviations
_WEAK_WORDS = (
    "a an and are as at be been but by can can't could do does for from had has have he her him "
    "his i if in into is it its me my no not of on or our she so than that the their them then "
    "there they this to too up us was we were what when where which who will with would you your "
    "am it'd i'd he's she's i'll we'll um uh eh et de la el al ll st don en un von der"
)
_WEAK = frozenset(_WEAK_WORDS.split())


@dataclass(frozen=True)
class EndWord:
    """A word that may end a bar; `tokens` are those of the word after a space."""

    text: str
    tokens: tuple[int, ...]
    syllables: int


Classes = dict[Pronunciation, list[EndWord]]


class RhymeClasses:
    """The end words that a model can write, by rhyming part.

    A word that is one token of the model is a common one. Rarer words help out where too few
    common ones rhyme.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._perfect: Classes = defaultdict(list)
        self._slant: Classes = defaultdict(list)
        for token, text in enumerate(engine.token_texts):
            if text.startswith(" ") and _is_usual(word := text[1:]) and _may_end(word):
                end = EndWord(word, (token,), hear(word).syllables[0])
                self._perfect[rhyming_part(word)].append(end)
                self._slant[blurred_part(word)].append(end)

    def partners_of(self, word: str) -> int:
        """How many common words rhyme perfectly with a word, itself not counted."""
        return len([e for e in self._perfect.get(rhyming_part(word), ()) if e.text != word])

    def rhyming(self, words: Sequence[str], kind: RhymeKind, used: int = 0) -> list[EndWord]:
        """The end words that rhyme so with every one of the words; so many are used already."""
        first, allowed = words[0], {RhymeKind.PERFECT, kind}
        common = (
            self._perfect.get(rhyming_part(first), [])
            if kind is RhymeKind.PERFECT
            else self._slant.get(blurred_part(first), [])
        )
        found = [e for e in common if _fits(e, words, allowed)]
        if len(found) < FEW + used and kind is RhymeKind.PERFECT:
            rare = self._rare(rhyming_part(first), {e.text for e in found})
            found += [e for e in rare if _fits(e, words, allowed)]
        return found

    def _rare(self, part: Pronunciation, known: set[str]) -> list[EndWord]:
        """The most usual of the other words."""
        words = [word for word in _words_by_rhyme().get(part, ()) if word not in known][:MOST_RARE]
        tokens = self._engine.encode_all([f" {word}" for word in words]) if words else []
        return [
            EndWord(word, tuple(ids), hear(word).syllables[0])
            for word, ids in zip(words, tokens, strict=True)
            if len(ids) <= MOST_TOKENS
        ]


def _fits(end: EndWord, words: Sequence[str], allowed: set[RhymeKind]) -> bool:
    return all(usual_rhyme(word, end.text).kind in allowed for word in words)


@cache
def _words_by_rhyme() -> dict[Pronunciation, list[str]]:
    """Every word that may end a bar, by its rhyming part; some seconds at the first need."""
    classes: dict[Pronunciation, list[str]] = defaultdict(list)
    for word in listed_words():
        if len(word) >= SHORTEST_RARE and commonness(word) >= RAREST and _may_end(word):
            classes[part_of(look_up(word)[0])].append(word)
    for words in classes.values():
        words.sort(key=commonness, reverse=True)
    return classes


def is_weak(word: str) -> bool:
    """Whether a word leans on the next one, so that no bar should end on it."""
    return word in _WEAK


def may_open_rhyme(word: str) -> bool:
    """Whether a bar that is rhymed later may end so: a full word of one sound."""
    return word not in _WEAK and _one_sound(word)


def _is_usual(word: str) -> bool:
    """Whether a word is no fragment or abbreviation: the shorter, the more usual it must be."""
    return commonness(word) >= _USUAL.get(len(word), RAREST_OF_ONE_TOKEN)


def _may_end(word: str) -> bool:
    plain = word.isascii() and word.isalpha() and word.islower() and len(word) > 2
    return plain and bool(look_up(word)) and word not in _WEAK and _one_sound(word)


def _one_sound(word: str) -> bool:
    """A word that is read in two ways (live, wind) makes rhymes that half the readers miss."""
    return len({part_of(p) for p in look_up(word)}) == 1
