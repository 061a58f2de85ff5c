"""Words by their rhyme: what may end a bar that rhymes with given words."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from bars.dictionary import listed_words, look_up
from bars.pronunciation import hear
from bars.rhyme import RhymeKind, blurred_part, rhyme, rhyming_part
from inference.engine import Engine

MOST_TOKENS = 2  # rarer words take more
SHORTEST_RARE = 5  # letters; shorter words of two tokens are names and abbreviations
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


class RhymeClasses:
    """The end words that a model can write, by rhyming part."""

    def __init__(self, engine: Engine) -> None:
        words = [word for word in listed_words() if _may_end(word)]
        known = engine.encode_all([f" {word}" for word in words])
        self._perfect: dict[tuple[str, ...], list[EndWord]] = defaultdict(list)
        self._slant: dict[tuple[str, ...], list[EndWord]] = defaultdict(list)
        for word, tokens in zip(words, known, strict=True):
            if len(tokens) == 1 or (len(tokens) <= MOST_TOKENS and len(word) >= SHORTEST_RARE):
                end = EndWord(word, tuple(tokens), hear(word).syllables[0])
                self._perfect[rhyming_part(word)].append(end)
                self._slant[blurred_part(word)].append(end)

    def partners_of(self, word: str) -> int:
        """How many end words rhyme perfectly with a word, itself not counted."""
        return max(0, len(self._perfect.get(rhyming_part(word), ())) - 1)

    def rhyming(self, words: Sequence[str], kind: RhymeKind) -> list[EndWord]:
        """The end words that rhyme so with every one of the words."""
        first = words[0]
        found = (
            self._perfect.get(rhyming_part(first), [])
            if kind is RhymeKind.PERFECT
            else self._slant.get(blurred_part(first), [])
        )
        allowed = {RhymeKind.PERFECT, kind}
        return [e for e in found if all(rhyme(word, e.text).kind in allowed for word in words)]


def may_open_rhyme(word: str) -> bool:
    """Whether a bar that is rhymed later may end so: a full word of one sound."""
    return word not in _WEAK and _one_sound(word)


def _may_end(word: str) -> bool:
    plain = word.isascii() and word.isalpha() and len(word) > 2
    return plain and word not in _WEAK and _one_sound(word)


def _one_sound(word: str) -> bool:
    """A word that is read in two ways (live, wind) makes rhymes that half the readers miss."""
    parts = {tuple(_ending(p)) for p in look_up(word)}
    return len(parts) == 1


def _ending(pronunciation: tuple[str, ...]) -> tuple[str, ...]:
    vowels = [i for i, phoneme in enumerate(pronunciation) if phoneme[-1].isdigit()]
    stressed = [i for i in vowels if pronunciation[i][-1] != "0"]
    start = (stressed or vowels or [0])[-1]
    return tuple(phoneme.rstrip("012") for phoneme in pronunciation[start:])
