"""Genius, by lyricsgenius: each method is one request, and each failure is one of ours.

lyricsgenius tells no status: a refused page is a song without lyrics, a refused API call an
AssertionError. So we note the status of every answer ourselves.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, NoReturn, TypeVar

from requests import RequestException, Response

from bars.text import tidy

_PAGE = 50  # songs of one page of metadata; Genius allows no more
_REFUSALS = frozenset({403, 429, 503})
_MOST_SECONDS = 3600.0  # that we let Genius ask us to wait
Read = TypeVar("Read")


class GeniusUnusable(Exception):
    """Nothing can be asked of Genius with this set-up; the message has the remedy."""


class Blocked(Exception):
    """Genius turns us away; `seconds` is how long it asks us to wait, or 0."""

    def __init__(self, seconds: float = 0.0) -> None:
        super().__init__("Genius turns requests away.")
        self.seconds = seconds


class Unreachable(Exception):
    """No whole answer came: a time-out, a cut connection, a failing server."""


class PageUnreadable(Exception):
    """A page that should have lyrics came without them: a silent refusal, or a new layout."""


class NoSuchArtist(Exception):
    """Genius has no artist of this number."""


@dataclass(frozen=True, slots=True)
class Artist:
    """An artist as Genius knows it."""

    id: int
    name: str


@dataclass(frozen=True, slots=True)
class Listed:
    """A song of an artist's list, without its lyrics; `by` are the numbers of its main artists."""

    id: int
    title: str
    url: str
    by: frozenset[int]
    state: str
    instrumental: bool


class Genius:
    """What we ask of Genius."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._status, self._wait = 0, ""
        # the one way to a page's status: lyricsgenius hands out neither answers nor its session
        client._session.hooks["response"].append(self._note)

    def search(self, name: str) -> list[Artist]:
        """Artists by that name, the likeliest first."""
        answer = self._json(lambda: self._client.search_artists(name))
        return self._read(lambda: _artists(answer))

    def artist(self, id: int) -> Artist:
        answer = self._json(lambda: self._client.artist(id))
        return self._read(lambda: _artist(answer["artist"]))

    def songs(self, artist: Artist, page: int) -> tuple[list[Listed], int | None]:
        """A page of the artist's songs, popular ones first, and the number of the next page."""
        answer = self._json(
            lambda: self._client.artist_songs(
                artist.id, per_page=_PAGE, page=page, sort="popularity"
            )
        )
        return self._read(
            lambda: ([_listed(song) for song in answer["songs"]], answer.get("next_page"))
        )

    def lyrics(self, song: Listed) -> str:
        """The lyrics with section headers, uncleaned; empty if the page is gone or has none."""
        try:
            lyrics = self._client.lyrics(song_url=song.url)
        except RequestException as error:
            raise Unreachable(f"no whole answer ({type(error).__name__})") from error
        if self._status == 200 and lyrics is None:
            raise PageUnreadable("its page came without lyrics")
        if self._status not in (200, 404, 410):
            self._fail()
        return str(lyrics or "")

    def _json(self, call: Callable[[], Any]) -> Any:
        try:
            return call()
        except RequestException as error:
            raise Unreachable(f"no whole answer ({type(error).__name__})") from error
        except AssertionError:
            self._fail()

    def _fail(self) -> NoReturn:
        if self._status in _REFUSALS:
            raise Blocked(min(float(self._wait), _MOST_SECONDS) if self._wait.isdigit() else 0.0)
        if self._status == 401:
            raise GeniusUnusable(
                "Genius does not know this token. Make one at https://genius.com/api-clients and "
                "put it into a file for --token-file."
            )
        if self._status == 404:
            raise NoSuchArtist("Genius has no artist of this number")
        raise Unreachable(f"Genius answered with status {self._status}")

    def _read(self, reading: Callable[[], Read]) -> Read:
        try:
            return reading()
        except (KeyError, TypeError, AttributeError) as error:
            raise GeniusUnusable(
                f"Genius's answer is not as it used to be ({error!r}). Look for a newer "
                "lyricsgenius, or bring your own lyrics with --own."
            ) from error

    def _note(self, response: Response, **_: Any) -> None:
        self._status = response.status_code
        self._wait = response.headers.get("Retry-After", "")


def connect(token: str, address: str = "", timeout: float = 15.0) -> Genius:
    """Genius, or what speaks like it at another address."""
    try:
        from lyricsgenius import Genius as Client
    except ImportError as error:
        raise GeniusUnusable(
            "lyricsgenius is not installed. Run .venv/bin/pip install lyricsgenius==3.15.0, or "
            "bring your own lyrics with --own."
        ) from error
    client = Client(token, timeout=timeout, sleep_time=0, user_agent="deep-hop lyrics collector")
    if address:
        base = address.rstrip("/") + "/"
        client.API_ROOT, client.PUBLIC_API_ROOT, client.WEB_ROOT = base, f"{base}api/", base
    return Genius(client)


def _artists(answer: Any) -> list[Artist]:
    hits = [hit for section in answer["sections"] for hit in section["hits"]]
    return [_artist(hit["result"]) for hit in hits if hit.get("index") == "artist"]


def _artist(told: Any) -> Artist:
    return Artist(told["id"], tidy(told["name"]))


def _listed(song: Any) -> Listed:
    by = [song["primary_artist"], *(song.get("primary_artists") or [])]
    return Listed(
        id=song["id"],
        title=tidy(song["title"]),
        url=song["url"],
        by=frozenset(artist["id"] for artist in by),
        state=song["lyrics_state"],
        instrumental=bool(song.get("instrumental")),
    )
