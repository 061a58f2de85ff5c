"""What visitors think of verses: a thumb and perhaps a sentence, with what the verse was asked for
and written by, so that others can learn from it."""

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from bars.text import tidy
from bars.verse import Problem
from webapp.leases import read_time, scan, written
from webapp.verse_store import StoredVerse

KEPT = timedelta(days=400)
LONGEST = 500  # characters
THUMBS = ("up", "down")
RECORD_VERSION = 1


class FeedbackRefused(ValueError):
    """Feedback that cannot be kept; `problems` says why."""

    def __init__(self, problems: list[Problem]) -> None:
        super().__init__(" ".join(f"{p.field}: {p.message}" for p in problems))
        self.problems = problems


@dataclass(frozen=True)
class Feedback:
    """One browser's word on one verse; a later one takes its place."""

    verse: str  # its id
    thumb: str
    text: str
    given: datetime
    request: dict[str, Any]
    bars: list[str]
    start: dict[str, Any]  # model, adapter, prompt version, seed

    def to_json(self) -> dict[str, Any]:
        return asdict(self) | {"given": written(self.given)}


def read_feedback(verse: StoredVerse, thumb: Any, text: Any) -> Feedback:
    """Feedback as it was given, or FeedbackRefused."""
    problems = []
    if thumb not in THUMBS:
        problems.append(Problem("thumb", str(thumb)[:40], f"must be {' or '.join(THUMBS)}."))
    if not isinstance(text, str) or len(text) > LONGEST:
        problems.append(Problem("text", str(text)[:80], f"must be at most {LONGEST} characters."))
    if problems:
        raise FeedbackRefused(problems)
    bars = [bar["text"] for bar in verse.bars]
    now = datetime.now(UTC)
    return Feedback(verse.id, thumb, tidy(text), now, verse.request, bars, verse.start or {})


class FeedbackStore:
    """The feedback in its DynamoDB table."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def keep(self, feedback: Feedback, owner: str) -> None:
        self._table.put_item(
            Item={
                "id": f"{feedback.verse}-{owner}",
                "version": RECORD_VERSION,
                "feedback": json.dumps(feedback.to_json(), ensure_ascii=False),
                "expires": int((feedback.given + KEPT).timestamp()),
            }
        )

    def forget(self, verse_id: str) -> None:
        """A verse is deleted, and what was said of it goes with its words."""
        for item in scan(self._table):
            if item["id"].startswith(f"{verse_id}-"):
                self._table.delete_item(Key={"id": item["id"]})

    def all(self) -> Iterator[Feedback]:
        """Every word that is still kept."""
        for item in scan(self._table):
            body = json.loads(item["feedback"])
            yield Feedback(**body | {"given": read_time(body["given"])})
