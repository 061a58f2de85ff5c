"""The first look at a song: cleaned, its language known, ready to be compared with others."""

import json
from collections import Counter
from dataclasses import dataclass, field

from rensa import RMinHash

from bars.fingerprints import run_words
from training_job.cleaning import clean_song, plain_name
from training_job.duplicates import sketch
from training_job.language import ENGLISH, language_of
from training_job.songs import Song

Lines = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class StagedSong:
    """A clean English song; each stanza with those who perform it, if the text names them."""

    artist: str
    title: str
    id: str
    stanzas: tuple[tuple[str, Lines], ...]

    def to_line(self) -> str:
        told = [self.artist, self.title, self.id, self.stanzas]
        return json.dumps(told, ensure_ascii=False) + "\n"

    @classmethod
    def from_line(cls, line: str) -> "StagedSong":
        artist, title, id, stanzas = json.loads(line)
        return cls(artist, title, id, tuple((names, tuple(lines)) for names, lines in stanzas))

    @property
    def words(self) -> list[str]:
        """The words of the whole song, as runs are made of them."""
        return run_words("\n".join(line for _, lines in self.stanzas for line in lines))


@dataclass(slots=True)
class Examined:
    """What a look at a song found: the song, or why it is dropped."""

    song: StagedSong | None = None
    sketch: RMinHash | None = None
    why_dropped: str = ""
    found: Counter[str] = field(default_factory=Counter)


def examine(song: Song) -> Examined:
    """Clean a song; drop it if most lines are not English, else the stanzas that are not."""
    clean = clean_song(song.artist, song.title, song.text)
    if clean.flaw:
        return Examined(why_dropped=clean.flaw, found=clean.found)
    languages: Counter[str] = Counter()
    english = []
    for stanza in clean.stanzas:
        language = language_of(stanza.lines)
        languages[language] += len(stanza.lines)
        english += [stanza] if language == ENGLISH else []
    usual = languages.most_common(1)[0][0]
    if usual != ENGLISH:
        return Examined(why_dropped=f"language {usual}", found=clean.found)
    clean.found["stanzas not in English"] += len(clean.stanzas) - len(english)
    staged = StagedSong(
        plain_name(song.artist),
        plain_name(song.title),
        plain_name(song.id),
        tuple((stanza.performers, stanza.lines) for stanza in english),
    )
    return Examined(staged, sketch(staged.words), found=clean.found)
