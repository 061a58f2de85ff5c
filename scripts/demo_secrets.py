"""The demo's own secrets: made once per installation, kept in the user's data folder."""

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from werkzeug.security import generate_password_hash


@dataclass(frozen=True)
class HostSecrets:
    """What the site signs sessions with, and what a host signs in with."""

    secret_key: str
    password: str

    @property
    def password_hash(self) -> str:
        return generate_password_hash(self.password, method="scrypt")


def host_secrets(data: Path, env: Mapping[str, str]) -> HostSecrets:
    """The installation's secrets; DEEP_HOP_HOST_PASSWORD replaces the made password."""
    path = data / "host.json"
    try:
        kept = json.loads(path.read_text(encoding="utf-8"))
        made = HostSecrets(kept["secret_key"], kept["password"])
    except (OSError, ValueError, KeyError):
        made = HostSecrets(secrets.token_hex(32), secrets.token_urlsafe(9))
        _write_private(path, json.dumps(made.__dict__))
    return HostSecrets(made.secret_key, env.get("DEEP_HOP_HOST_PASSWORD") or made.password)


def _write_private(path: Path, text: str) -> None:
    unfinished = path.with_suffix(".unfinished")
    unfinished.unlink(missing_ok=True)
    with os.fdopen(os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        file.write(text)
    os.replace(unfinished, path)
