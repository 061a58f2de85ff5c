"""What people made, in one SQLite file: calls to replay at the next start, items, objects,
training jobs.

Every change is on disk before its caller hears of success. A damaged file is set aside.
"""

import json
import logging
import sqlite3
import time
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from threading import RLock
from typing import Any

from infrastructure.local_cloud.calls import Call

log = logging.getLogger(__name__)
_SCHEMA = """
CREATE TABLE IF NOT EXISTS calls (number INTEGER PRIMARY KEY, call TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS items (
    region TEXT, tbl TEXT, key TEXT, item TEXT NOT NULL, PRIMARY KEY (region, tbl, key));
CREATE TABLE IF NOT EXISTS objects (
    bucket TEXT, key TEXT, file TEXT NOT NULL, facts TEXT NOT NULL, PRIMARY KEY (bucket, key));
CREATE TABLE IF NOT EXISTS jobs (
    region TEXT, name TEXT, facts TEXT NOT NULL, PRIMARY KEY (region, name));
"""


class Journal:
    """The state that survives; safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self._lock = RLock()
        try:
            self._db = _open(path)
        except sqlite3.DatabaseError as error:
            set_aside(path, str(error))
            self._db = _open(path)

    def close(self) -> None:
        with self._lock:
            self._db.close()

    def add_call(self, call: Call) -> None:
        body = asdict(call) | {"body": call.body.decode("latin-1")}
        self._change("INSERT INTO calls (call) VALUES (?)", json.dumps(body))

    def calls(self) -> Iterator[Call]:
        for (text,) in self._all("SELECT call FROM calls ORDER BY number"):
            fields = json.loads(text)
            yield Call(**fields | {"body": fields["body"].encode("latin-1")})

    def keep_item(self, region: str, table: str, key: Any, item: Any) -> None:
        """Keep an item, or forget it if it is None."""
        where = (region, table, json.dumps(key, sort_keys=True))
        if item is None:
            self._change("DELETE FROM items WHERE region=? AND tbl=? AND key=?", *where)
        else:
            self._change("INSERT OR REPLACE INTO items VALUES (?,?,?,?)", *where, json.dumps(item))

    def items(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for region, table, text in self._all("SELECT region, tbl, item FROM items"):
            yield region, table, json.loads(text)

    def keep_object(self, bucket: str, key: str, file: str, facts: dict[str, Any]) -> None:
        self._change(
            "INSERT OR REPLACE INTO objects VALUES (?,?,?,?)", bucket, key, file, json.dumps(facts)
        )

    def forget_object(self, bucket: str, key: str) -> str | None:
        """Forget an object and return the name of its file."""
        file = self.object_file(bucket, key)
        self._change("DELETE FROM objects WHERE bucket=? AND key=?", bucket, key)
        return file

    def object_file(self, bucket: str, key: str) -> str | None:
        found = self._all("SELECT file FROM objects WHERE bucket=? AND key=?", bucket, key)
        return str(found[0][0]) if found else None

    def objects(self) -> Iterator[tuple[str, str, str, dict[str, Any]]]:
        for bucket, key, file, facts in self._all("SELECT bucket, key, file, facts FROM objects"):
            yield bucket, key, file, json.loads(facts)

    def keep_job(self, region: str, name: str, facts: dict[str, Any]) -> None:
        self._change("INSERT OR REPLACE INTO jobs VALUES (?,?,?)", region, name, json.dumps(facts))

    def jobs(self) -> Iterator[tuple[str, str, dict[str, Any]]]:
        for region, name, facts in self._all("SELECT region, name, facts FROM jobs"):
            yield region, name, json.loads(facts)

    def _change(self, statement: str, *values: str) -> None:
        with self._lock, self._db:
            self._db.execute(statement, values)

    def _all(self, statement: str, *values: str) -> list[tuple[Any, ...]]:
        with self._lock:
            return self._db.execute(statement, values).fetchall()


def _open(path: Path) -> sqlite3.Connection:
    database = sqlite3.connect(path, check_same_thread=False)
    try:
        database.execute("PRAGMA journal_mode=WAL")
        database.executescript(_SCHEMA)
        (verdict,) = database.execute("PRAGMA quick_check").fetchone()
        if verdict != "ok":
            raise sqlite3.DatabaseError(verdict)
    except sqlite3.DatabaseError:
        database.close()
        raise
    return database


def set_aside(path: Path, why: str) -> None:
    """Rename a damaged file, with what SQLite keeps beside it, so that nothing is lost."""
    mark = f".damaged-{int(time.time())}"
    for part in (path, Path(f"{path}-wal"), Path(f"{path}-shm")):
        if part.exists():
            part.rename(f"{part}{mark}")
    log.warning("%s is damaged (%s). It was set aside as %s%s.", path, why, path.name, mark)
