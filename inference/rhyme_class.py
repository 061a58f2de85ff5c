"""Words by their rhyme: what may end a bar that rhymes with given words."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from bars.dictionary import Pronunciation, commonness, listed_words, look_up
from bars.ending import noted_part, part_of, word_endings
from bars.pronunciation import hear
from bars.rhyme import blurred_part, rhyme, rhymes_strictly, rhyming_part, usual_rhyme
from bars.rhyme_rules import RhymeKind
from inference.engine import Engine

FEW = 4  # end words that a bar should at least have to choose from
MOST_TOKENS = 3  # of a rarer word
LONGER_WORD = 1.5  # log-probability that each further token of an end word costs, roughly
MOST_RARE = 24  # of a class, the most usual first
RAREST, RAREST_OF_ONE_TOKEN = 2.0, 3.0  # Zipf frequency
NAME = 5.0  # times as late that a name's token with a small letter comes
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
        self._tokens = {text: token for token, text in enumerate(engine.token_texts)}
        self._perfect: Classes = defaultdict(list)
        self._slant: Classes = defaultdict(list)
        for token, text in enumerate(engine.token_texts):
            usual = text.startswith(" ") and _is_usual(word := text[1:]) and _may_end(word)
            if usual and not self._is_name(word):
                end = EndWord(word, (token,), hear(word).syllables[0])
                self._perfect[rhyming_part(word)].append(end)
                self._slant[blurred_part(word)].append(end)

    def _is_name(self, word: str) -> bool:
        """Whether the model's tokens know a word much better with a capital letter: the sooner a
        token was found, the more often it stood in the text that the tokenizer learned from."""
        capital, plain = (self._tokens.get(f" {w}") for w in (word.capitalize(), word))
        return capital is not None and (plain is None or plain > NAME * capital)

    def partners_of(self, word: str) -> int:
        """How many common words rhyme perfectly with a word, itself not counted."""
        return len([e for e in self._perfect.get(rhyming_part(word), ()) if e.text != word])

    def rhyming(self, words: Sequence[str], kind: RhymeKind, used: int = 0) -> list[EndWord]:
        """The end words that rhyme so with every one of the words; so many are used already.

        Perfect rhymes that the dictionary notes alike come before those that only sound alike
        (tired, expired), these before rhymes of the usual reading, and those before rhymes of some
        reading.
        """
        first = words[0]
        if kind is not RhymeKind.PERFECT:
            allowed = {RhymeKind.PERFECT, kind}
            slant = self._slant.get(blurred_part(first), ())
            return [e for e in slant if all(usual_rhyme(w, e.text).kind in allowed for w in words)]
        parts = dict.fromkeys(end.part for end in word_endings(first))
        common = [end for part in parts for end in self._perfect.get(part, ())]
        for fits in (_noted_alike, _surely_rhyme, _usually_rhyme, _may_rhyme):
            found = [e for e in common if all(fits(word, e.text) for word in words)]
            if len(found) < FEW + used:
                rare = [end for part in parts for end in self._rare(part, common)]
                found += [e for e in rare if all(fits(word, e.text) for word in words)]
            if len(found) >= (FEW + used if fits is _noted_alike else 1):
                return found
        return []

    def _rare(self, part: Pronunciation, common: Sequence[EndWord]) -> list[EndWord]:
        """The most usual of the other words."""
        known = {end.text for end in common}
        others = (word for word in _words_by_rhyme().get(part, ()) if word not in known)
        words = [word for word in others if not self._is_name(word)][:MOST_RARE]
        tokens = self._engine.encode_all([f" {word}" for word in words]) if words else []
        return [
            EndWord(word, tuple(ids), hear(word).syllables[0])
            for word, ids in zip(words, tokens, strict=True)
            if len(ids) <= MOST_TOKENS
        ]


def _surely_rhyme(word: str, end: str) -> bool:
    """Whether it is a perfect rhyme in every reading; of unlisted words we know only one."""
    if hear(word, predict=False).known:
        return rhymes_strictly(word, end)
    return _usually_rhyme(word, end)


def _noted_alike(word: str, end: str) -> bool:
    """Whether it is a sure rhyme to the dictionary's letter too, as far as both are listed."""
    one, other = ({noted_part(p) for p in look_up(w)} for w in (word, end))
    return _surely_rhyme(word, end) and (not one or not one.isdisjoint(other))


def _usually_rhyme(word: str, end: str) -> bool:
    """Whether it is a perfect rhyme as most people read the words."""
    return usual_rhyme(word, end).kind is RhymeKind.PERFECT


def _may_rhyme(word: str, end: str) -> bool:
    """Whether it is a perfect rhyme in some reading of the words (Tuesday, day)."""
    return rhyme(word, end).kind is RhymeKind.PERFECT


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
