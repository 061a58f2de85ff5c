"""Which words inside the bars of a verse rhyme with each other, as pieces to be marked."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bars.verse_sound import Chain, HeardLine, HeardStanza, hear_stanza
from webapp.shown import RHYME_MARKS, ending, mark

Place = tuple[int, int]  # of a word: its bar, its place in the bar


@dataclass(frozen=True)
class Piece:
    """A part of a bar. What rhymes has the name of its rhyme and a mark, as letters have."""

    text: str
    name: str = ""
    mark: int = -1


@dataclass(frozen=True)
class MarkedBar:
    """A bar in pieces: those before its last word, and those of it."""

    before: list[Piece]
    last: list[Piece]


@dataclass(frozen=True)
class InnerRhymes:
    """The bars in pieces, and a sentence that says the same for those who see no marks."""

    bars: list[MarkedBar]
    told: str


def inner_rhymes(bars: Sequence[str], letters: Sequence[str | None]) -> InnerRhymes:
    """Rhymes with a word that is not the last of its bar. One that a line end shares has the end's
    letter; the others are numbered."""
    heard = hear_stanza(bars)
    chains = [chain for chain in heard.chains if _is_inner(chain, heard)]
    names = _names(chains, heard, letters)
    marks = _marks(names, letters)
    named: dict[Place, Piece] = {
        place: Piece(_word(heard, place), name, marks[name])
        for chain, name in zip(chains, names, strict=True)
        for place in chain.places
    }
    lines = [_marked(line, i, named) for i, line in enumerate(heard.lines)]
    return InnerRhymes(lines, _told(named))


def _is_inner(chain: Chain, heard: HeardStanza) -> bool:
    return any(word < len(heard.lines[line].words) - 1 for line, word in chain.places)


def _names(chains: Sequence[Chain], heard: HeardStanza, letters: Sequence[str | None]) -> list[str]:
    """A letter names one rhyme, even where bars that should rhyme do not."""
    names: list[str] = []
    for chain in chains:
        ends = (line for line, word in chain.places if word == len(heard.lines[line].words) - 1)
        shared = (letters[line] for line in ends)
        number = sum(name.isdecimal() for name in names) + 1
        names.append(next((a for a in shared if a and a not in names), str(number)))
    return names


def _marks(names: Sequence[str], letters: Sequence[str | None]) -> dict[str, int]:
    """Numbers get the colors and underlines that no letter has, as far as there are any."""
    used = {mark(letter) for letter in letters}
    free = [each for each in range(RHYME_MARKS) if each not in used] or list(range(RHYME_MARKS))
    return {n: free[(int(n) - 1) % len(free)] if n.isdecimal() else mark(n) for n in names}


def _word(heard: HeardStanza, place: Place) -> str:
    line, word = place
    return heard.lines[line].words[word].text


def _marked(line: HeardLine, place: int, named: dict[Place, Piece]) -> MarkedBar:
    cut = len(ending(line.text)[0])
    pieces = list(_pieces(line, place, named, cut))
    return MarkedBar(
        [piece for at, piece in pieces if at < cut], [piece for at, piece in pieces if at >= cut]
    )


def _pieces(
    line: HeardLine, place: int, named: dict[Place, Piece], cut: int
) -> Iterator[tuple[int, Piece]]:
    """Every piece with the place where it begins; none lies on both sides of `cut`."""
    at = 0
    for number, word in enumerate(line.words):
        if piece := named.get((place, number)):
            yield from _plain(line.text, at, word.start, cut)
            yield word.start, piece
            at = word.end
    yield from _plain(line.text, at, len(line.text), cut)


def _plain(text: str, start: int, end: int, cut: int) -> Iterator[tuple[int, Piece]]:
    middle = min(max(cut, start), end)
    for a, b in ((start, middle), (middle, end)):
        if a < b:
            yield a, Piece(text[a:b])


def _told(named: dict[Place, Piece]) -> str:
    if not named:
        return "No words inside these bars rhyme with each other."
    words: dict[str, dict[str, None]] = defaultdict(dict)
    for piece in named.values():
        words[piece.name][piece.text.lower()] = None
    groups = (f"{', '.join(found)} ({name})" for name, found in words.items())
    return f"Inside the bars rhyme: {'; '.join(groups)}."
