"""Which model the next start will serve: written by the deploy script, read by the switch."""

import json
from dataclasses import asdict, dataclass
from typing import Any

RECORD_VERSION = 2  # version 1 does not say so


@dataclass(frozen=True)
class Release:
    """A deployed model; names are content-addressed, so equal content gives equal names."""

    endpoint_config: str
    model: str
    model_version: str
    image: str
    deployed: str  # ISO 8601, UTC


class ReleaseStore:
    """The releases table: every release under its endpoint configuration, and the current one."""

    def __init__(self, table: Any) -> None:
        self._table = table

    def current(self) -> Release | None:
        item = self._table.get_item(Key={"id": "current"}, ConsistentRead=True).get("Item")
        return Release(**json.loads(item["release"])) if item else None

    def make_current(self, release: Release) -> None:
        item = {"version": RECORD_VERSION, "release": json.dumps(asdict(release))}
        for key in (release.endpoint_config, "current"):
            self._table.put_item(Item={"id": key, **item})
