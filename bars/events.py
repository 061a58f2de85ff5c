"""The events of a verse being written: JSON objects, one a line.

Parts of a byte stream do not align with lines, so `read_events` buffers.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from typing import Any, ClassVar


@dataclass(frozen=True)
class Queued:
    """The visitor waits; also a heartbeat."""

    event: ClassVar[str] = "queued"
    position: int
    seconds: float


@dataclass(frozen=True)
class Started:
    """Writing begins; the seed makes the verse again."""

    event: ClassVar[str] = "start"
    request_id: str
    model: str
    adapter: str | None
    prompt_version: int
    seed: int


@dataclass(frozen=True)
class Token:
    """The next piece of the leading candidate's text: a preview that the bar event replaces."""

    event: ClassVar[str] = "token"
    bar: int
    text: str


@dataclass(frozen=True)
class WordShown:
    """One word of a finished bar; `group` is the rhyme letter that it carries."""

    text: str
    phonemes: str
    group: str | None


@dataclass(frozen=True)
class RhymeShown:
    """How a bar rhymes: the kind, the index of its partner, the phonemes they share."""

    kind: str
    partner: int
    part: str

    def to_json(self) -> dict[str, Any]:
        return {"kind": self.kind, "with": self.partner, "part": self.part}


@dataclass(frozen=True)
class BarWritten:
    """A finished bar: it stands."""

    event: ClassVar[str] = "bar"
    index: int
    text: str
    syllables: int
    target: int | None
    stress: str
    letter: str | None
    rhyme: RhymeShown | None
    words: tuple[WordShown, ...]
    attempts: int  # candidates that were written for it; 0 for a bar that the visitor gave
    note: str | None = None  # what could not be as asked, and what was done instead
    plain: str | None = None  # the text with its masked words, for whoever has it gone on with


@dataclass(frozen=True)
class VerseWritten:
    """The verse is complete. Scores are shares, 0..1, of the written bars; None without any."""

    event: ClassVar[str] = "verse"
    scores: dict[str, float | None]
    seconds: float
    tokens: int


@dataclass(frozen=True)
class Failed:
    """The verse ends here: why, and what to do."""

    event: ClassVar[str] = "error"
    code: str
    message: str
    remedy: str


Event = Queued | Started | Token | BarWritten | VerseWritten | Failed


def to_json(event: Event) -> dict[str, Any]:
    """The event as it travels."""
    body = asdict(event)
    if isinstance(event, BarWritten) and event.rhyme:
        body["rhyme"] = event.rhyme.to_json()
    if body.get("plain", "") is None:
        del body["plain"]  # nothing is masked
    return {"event": event.event, **body}


def read_bar(told: Mapping[str, Any]) -> BarWritten:
    """The bar that `to_json` has told."""
    rhyme = told["rhyme"] and RhymeShown(*(told["rhyme"][of] for of in ("kind", "with", "part")))
    words = tuple(WordShown(**word) for word in told["words"])
    known = {name: value for name, value in told.items() if name != "event"}
    return BarWritten(**known | {"rhyme": rhyme, "words": words})


def encode(event: Event) -> bytes:
    """The event as one line of JSON."""
    return json.dumps(to_json(event), ensure_ascii=False).encode() + b"\n"


def read_events(parts: Iterable[bytes]) -> Iterator[dict[str, Any]]:
    """Events from the parts of a byte stream, however it was cut."""
    rest = b""
    for part in parts:
        *lines, rest = (rest + part).split(b"\n")
        yield from (json.loads(line) for line in lines if line.strip())
    if rest.strip():
        yield json.loads(rest)
