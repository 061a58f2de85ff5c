"""Notices that would go out by e-mail, in a file: a laptop has no postman."""

import json
import threading
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import parse_qs


class NoticeFile:
    """Every message that is published to a topic, one JSON object a line."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()

    def keep(self, body: bytes) -> None:
        """The body of a Publish request, a form."""
        fields = parse_qs(body.decode("utf-8", "replace"))
        notice = {name: fields.get(name, [""])[0] for name in ("TopicArn", "Subject", "Message")}
        notice["sent"] = datetime.now(UTC).isoformat(timespec="seconds")
        self._path.parent.mkdir(parents=True, exist_ok=True)
        with self._lock, self._path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(notice, ensure_ascii=False) + "\n")
