"""What can be heard in a whole text: schemes, internal rhymes, chains, runs, flow."""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bars.dictionary import Pronunciation
from bars.ending import FLEXIBLE, word_endings
from bars.meter import Breath, Syllables, beat_slots, breath, stress, stress_of, syllables
from bars.phonemes import is_vowel
from bars.pronunciation import hear
from bars.rhyme import rhyme
from bars.rhyme_rules import NO_RHYME, Rhyme, voiced_part
from bars.rhyme_scheme import Ear, Scheme, find_scheme, find_schemes, rhymes_here
from bars.spoken import Token, tokens_of

LONGEST_STANZA = 32  # lines; a longer one is heard in pieces
_NEAR = 2  # lines over which an internal rhyme is heard
_END_WORDS = 4
_SECTION = re.compile(r"\s*[\[(][^\])]*[\])]\s*")  # [Chorus]


@dataclass(frozen=True, slots=True)
class HeardWord:
    """A token of a line: where it stands, how it is stressed, and the rhyme group it belongs to."""

    text: str
    start: int
    end: int
    stress: str
    group: int | None = None


@dataclass(frozen=True, slots=True)
class HeardLine:
    """A line of a stanza; `letter` is None where it rhymes with none.

    `rhyme` tells how it rhymes with `partner`, the last earlier line of its letter (its place in
    the stanza). `run` counts the equal vowels from the end back with that line. `slots` are the
    steps 0 to 15 of a 4/4 bar, one for each syllable.
    """

    text: str
    words: tuple[HeardWord, ...]
    syllables: Syllables
    stress: str
    letter: str | None
    partner: int | None
    rhyme: Rhyme
    run: int
    slots: tuple[int, ...]
    breath: Breath


@dataclass(frozen=True, slots=True)
class Chain:
    """Words that rhyme within a few lines, as places (line, word) in the stanza."""

    group: int
    places: tuple[tuple[int, int], ...]
    part: Pronunciation


@dataclass(frozen=True, slots=True)
class HeardStanza:
    """A stanza with its scheme, a letter for each line (x: rhymes with none) and its chains."""

    lines: tuple[HeardLine, ...]
    scheme: str
    chains: tuple[Chain, ...]


def stanzas_of(text: str) -> Iterator[list[str]]:
    """The lines of each stanza; blank lines and headings such as [Chorus] stand between them."""
    stanza: list[str] = []
    for line in [*text.splitlines(), ""]:
        blank = not line.strip() or _SECTION.fullmatch(line)
        if stanza and (blank or len(stanza) == LONGEST_STANZA):
            yield stanza
            stanza = []
        if not blank:
            stanza.append(" ".join(line.split()))


def hear_text(
    text: str, ear: Ear = Ear.RAP, watch: Callable[[list[Scheme]], Iterable[Scheme]] = iter
) -> list[HeardStanza]:
    """Every stanza of a text, heard; `watch` may wrap the stanzas' schemes to follow the work."""
    stanzas = list(stanzas_of(text))
    schemes = find_schemes([list(map(line_end, lines)) for lines in stanzas], ear)
    pairs = zip(stanzas, watch(schemes), strict=True)
    return [_hear(lines, scheme, ear) for lines, scheme in pairs]


def hear_stanza(lines: Sequence[str], ear: Ear = Ear.RAP) -> HeardStanza:
    """One stanza, heard as a whole."""
    return _hear(lines, find_scheme(list(map(line_end, lines)), ear), ear)


def _hear(lines: Sequence[str], scheme: Scheme, ear: Ear) -> HeardStanza:
    ends = [line_end(line) for line in lines]
    groups = audible_groups(ends, scheme, ear)
    letters = scheme_letters(groups)
    tokens = [tokens_of(line) for line in lines]
    chains = _chains(tokens, groups)
    colored = {place: chain.group for chain in chains for place in chain.places}
    heard = []
    for i, line in enumerate(lines):
        partner = max((j for j in range(i) if letters[i] and groups[j] == groups[i]), default=None)
        words = tuple(
            HeardWord(t.text, t.start, t.end, token_stress(t), colored.get((i, place)))
            for place, t in enumerate(tokens[i])
        )
        heard.append(
            HeardLine(
                text=line,
                words=words,
                syllables=syllables(line),
                stress=stress(line),
                letter=letters[i],
                partner=partner,
                rhyme=NO_RHYME if partner is None else rhyme(ends[partner], ends[i]),
                run=0 if partner is None else equal_vowels(lines[partner], line),
                slots=beat_slots(line),
                breath=breath(line),
            )
        )
    return HeardStanza(tuple(heard), "".join(letter or "x" for letter in letters), chains)


def line_end(line: str) -> str:
    """The last words of a line, as many as a mosaic rhyme may span, as they are spoken."""
    return " ".join(word for t in tokens_of(line)[-_END_WORDS:] for word in t.words)


def audible_groups(ends: Sequence[str], scheme: Scheme, ear: Ear) -> list[int]:
    """The groups of a scheme, without the lines that are heard to rhyme with none of theirs."""
    groups: list[int] = []
    for i, group in enumerate(scheme):
        others = [j for j in range(len(ends)) if scheme[j] == group and j != i]
        heard = any(rhymes_here(ends[i], ends[j], ear) for j in others)
        groups.append(group if heard else len(ends) + i)
    return groups


def scheme_letters(groups: Sequence[int]) -> list[str | None]:
    """A, B, C and so on for the groups of two lines and more, None for lines alone."""
    names: dict[int, str] = {}
    for group in groups:
        if list(groups).count(group) > 1 and group not in names:
            names[group] = _letter(len(names))
    return [names.get(group) for group in groups]


def _letter(number: int) -> str:
    return (
        chr(ord("A") + number) if number < 26 else _letter(number // 26 - 1) + _letter(number % 26)
    )


def rhyming_words(lines: Sequence[str]) -> Iterator[tuple[Token, bool]]:
    """Every token of some lines, and whether another word nearby rhymes with it by sound."""
    tokens = [tokens_of(line) for line in lines]
    places = {place for chain in _chains(tokens, range(len(lines))) for place in chain.places}
    for i, line in enumerate(tokens):
        for k, token in enumerate(line):
            yield token, (i, k) in places


def token_stress(token: Token) -> str:
    """A digit for each syllable of a token, as in `bars.meter.stress`."""
    return "".join(map(stress_of, token.words))


def _chains(tokens: Sequence[Sequence[Token]], groups: Sequence[int]) -> tuple[Chain, ...]:
    """Words whose rhyming parts sound alike within a few lines, with the line ends' own groups."""
    last: dict[Pronunciation, list[tuple[int, int]]] = {}
    joined: list[list[tuple[int, int]]] = []
    words = {(i, k): t.words[-1] for i, line in enumerate(tokens) for k, t in enumerate(line)}
    ends = {(i, len(line) - 1) for i, line in enumerate(tokens) if line}
    for place, word in words.items():
        if word in FLEXIBLE and place not in ends:
            continue
        part = _chained_part(word)
        if not part:
            continue
        chain = last.get(part)
        if chain is None or place[0] - chain[-1][0] > _NEAR:
            last[part] = chain = []
            joined.append(chain)
        chain.append(place)
    parts = {place: _chained_part(words[place]) for chain in joined for place in chain}
    return _named(_with_ends(joined, groups, ends), words, parts)


@lru_cache(maxsize=20_000)
def _chained_part(word: str) -> Pronunciation:
    ends = word_endings(word)
    return voiced_part(ends[0]) if ends else ()


def _with_ends(
    chains: list[list[tuple[int, int]]], groups: Sequence[int], ends: set[tuple[int, int]]
) -> list[list[tuple[int, int]]]:
    """Chains joined where the scheme says that their line ends rhyme."""
    owner: dict[object, set[tuple[int, int]]] = {}
    for chain in chains:
        names = {("end", groups[line]) for line, word in chain if (line, word) in ends}
        merged = set(chain).union(*(owner.pop(name, set()) for name in names))
        held = {name for name, places in owner.items() if places & merged}
        for name in (*names, *held) or (("inner", chain[0]),):
            owner[name] = merged
    for line, word in ends:
        name = ("end", groups[line])
        owner.setdefault(name, set()).add((line, word))
    unique = {id(places): places for places in owner.values()}
    return [sorted(places) for places in unique.values()]


def _named(
    chains: list[list[tuple[int, int]]],
    words: dict[tuple[int, int], str],
    parts: dict[tuple[int, int], Pronunciation],
) -> tuple[Chain, ...]:
    """Chains of two different words and more, in the order in which they begin."""
    real = sorted(chain for chain in chains if len({words[place] for place in chain}) > 1)
    return tuple(
        Chain(number, tuple(chain), parts.get(chain[0], ())) for number, chain in enumerate(real)
    )


def equal_vowels(line: str, other: str) -> int:
    """How many vowels of two lines are equal, counted back from their ends, across words.

    The length of a multisyllabic rhyme as rappers count it (Edwards 2009, How to Rap).
    """
    count = 0
    for a, b in zip(_vowels_back(line), _vowels_back(other), strict=False):
        if a != b:
            break
        count += 1
    return count


def _vowels_back(line: str) -> Iterator[str]:
    for token in reversed(tokens_of(line)):
        for word in reversed(token.words):
            pronunciations = hear(word).pronunciations
            if not pronunciations:
                return
            yield from (p[:-1] for p in reversed(pronunciations[0]) if is_vowel(p))
