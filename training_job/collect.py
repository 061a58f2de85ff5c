"""Collecting an artist's lyrics from Genius, song by song, each safe on disk before the next."""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from training_job.genius import Artist, Genius, Listed, NoSuchArtist, PageUnreadable, Unreachable
from training_job.patience import Patience
from training_job.song_store import SongStore
from training_job.songs import Skipped, Song
from training_job.tally import Fate, Outcome

EXCLUDED = (
    "remix", "live", "instrumental", "acapella", "a cappella", "demo", "snippet", "skit",
    "interview", "tracklist", "track list", "album art", "artwork", "liner notes", "booklet",
    "credits", "setlist", "translation", "sped up", "slowed",
)  # fmt: skip
_NEAREST = 3
_ASIDE = re.compile(r"\(([^()]*)\)|\[([^\[\]]*)\]|\s[-–—]\s(.*)$")
_HEADER = re.compile(r"\[[^\]\n]*\]")
_NOT_YET = "lyrics for this song have yet to be released"


class WrongArtist(Exception):
    """The search found other artists than the one who was asked for; the message has the remedy."""


@dataclass(frozen=True)
class Collector:
    """Collects into a store; `most_songs` counts an artist's songs that are there already."""

    genius: Genius
    store: SongStore
    patience: Patience
    most_songs: int | None = None
    excluded: Sequence[str] = EXCLUDED

    def collect(self, wanted: Iterable[str | int]) -> Iterator[Outcome]:
        """What becomes of each song of artists, who are asked for by name or by number."""
        for asked in wanted:
            try:
                artist = self._find(asked)
                yield from self._collect_songs(artist)
            except (WrongArtist, NoSuchArtist) as error:
                yield Outcome(str(asked), "", Fate.REFUSED, str(error))
            except Unreachable as error:
                yield Outcome(str(asked), "the list of songs", Fate.LATER, str(error))

    def _find(self, asked: str | int) -> Artist:
        if isinstance(asked, int):
            return self.patience.ask(lambda: self.genius.artist(asked))
        return right_artist(asked, self.patience.ask(lambda: self.genius.search(asked)))

    def _collect_songs(self, artist: Artist) -> Iterator[Outcome]:
        there, page = 0, None if self.most_songs == 0 else 1
        while page is not None:
            songs, page = self._page(artist, page)
            for song in songs:
                outcome = self._collect_song(artist, song)
                yield outcome
                there += outcome.fate in (Fate.TAKEN, Fate.THERE)
                if there == self.most_songs:
                    return

    def _page(self, artist: Artist, page: int) -> tuple[list[Listed], int | None]:
        return self.patience.ask(lambda: self.genius.songs(artist, page))

    def _collect_song(self, artist: Artist, song: Listed) -> Outcome:
        id = f"genius-{song.id}"
        if id in self.store:
            return Outcome(artist.name, song.title, Fate.THERE)
        if why := self.store.why_skipped(id) or self._why_unwanted(artist, song):
            return Outcome(artist.name, song.title, Fate.SKIPPED, why)
        try:
            text = "" if _why_wordless(song) else self._lyrics(song)
        except (PageUnreadable, Unreachable) as error:
            return Outcome(artist.name, song.title, Fate.LATER, str(error))
        if why := _why_wordless(song) or _why_empty(text):
            self.store.skip(Skipped(artist.name, song.title, id, why))
            return Outcome(artist.name, song.title, Fate.SKIPPED, why)
        self.store.add(Song(artist.name, song.title, text, song.url, id))
        return Outcome(artist.name, song.title, Fate.TAKEN)

    def _lyrics(self, song: Listed) -> str:
        try:
            return self.patience.ask(lambda: self.genius.lyrics(song))
        except PageUnreadable:
            self.patience.refused()
            raise

    def _why_unwanted(self, artist: Artist, song: Listed) -> str:
        """Reasons of this run, which are not remembered."""
        if artist.id not in song.by:
            return "mainly by another artist"
        term = excluded_by(song.title, self.excluded)
        return f"its title says {term}" if term else ""


def right_artist(asked: str, found: Sequence[Artist]) -> Artist:
    """The first artist that was found, if it is the one who was asked for; or WrongArtist."""
    if found and _folded(found[0].name) == _folded(asked):
        return found[0]
    wanted = _folded(asked)
    nearest = sorted(
        found,
        key=lambda artist: SequenceMatcher(None, _folded(artist.name), wanted).ratio(),
        reverse=True,
    )[:_NEAREST]
    if not nearest:
        raise WrongArtist(f"Genius finds no artist named {asked}. Check the spelling.")
    named = ", ".join(f"{artist.name} (--artist-id {artist.id})" for artist in nearest)
    raise WrongArtist(f"Genius's first artist is not {asked}. Name one by number: {named}.")


def excluded_by(title: str, terms: Sequence[str]) -> str:
    """The term that a title has in brackets, after a dash or as a whole; empty if none.

    "Live Your Life" is no live recording; "Your Life (Live in Rome)" is.
    """
    asides = [part for match in _ASIDE.finditer(title) for part in match.groups() if part]
    for term in terms:
        whole = re.compile(rf"\b{re.escape(term)}\b", re.IGNORECASE)
        if whole.fullmatch(title.strip()) or any(map(whole.search, asides)):
            return term
    return ""


def _folded(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name).casefold()
    return "".join(c for c in plain if c.isalnum()) or name.casefold()


def _why_wordless(song: Listed) -> str:
    if song.instrumental:
        return "instrumental"
    return "" if song.state == "complete" else f"its lyrics are {song.state}"


def _why_empty(text: str) -> str:
    words = _HEADER.sub("", text).strip()
    return "" if words and not words.casefold().startswith(_NOT_YET) else "no lyrics on its page"
