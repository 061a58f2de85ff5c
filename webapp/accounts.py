"""Hosts with passwords of their own, tokens for machines, and which sessions hosts have ended;
secrets are stored as hashes only."""

import hashlib
import re
import secrets
from dataclasses import dataclass
from typing import Any

from werkzeug.security import check_password_hash, generate_password_hash

from webapp.leases import scan

INSTALLATION = "host"  # the account whose password is in the settings
SHORTEST_PASSWORD, LONGEST_PASSWORD = 8, 200  # characters, without spaces around them
SCOPES = ("leases", "demos", "read")
RECORD_VERSION = 1
_NAME = re.compile(r"[a-z][a-z0-9.-]{1,31}")
_TOKEN = "dh_"  # nosec B105  # how tokens begin
_HASHING = "scrypt"
_ENDED = "ended session "  # no account has such a name


class AccountRefused(ValueError):
    """An account that cannot be; the message says why, and what would be right."""


@dataclass(frozen=True)
class Token:
    """What a machine may do with its token."""

    name: str
    scopes: tuple[str, ...]


class Accounts:
    """The accounts in their DynamoDB table."""

    def __init__(self, table: Any, hashing: str = _HASHING) -> None:
        self._table = table
        self._hashing = hashing
        self._nobody = generate_password_hash(secrets.token_hex(8), method=hashing)

    def add_host(self, name: str, password: str) -> None:
        """Raise AccountRefused for a name that is none or taken, or a password of wrong length."""
        _check_name(name)
        if self._found(name):
            raise AccountRefused(f"There is a host {name!r} already. Use scripts.reset_password.")
        self._put_host(name, password)

    def reset_password(self, name: str, password: str) -> None:
        """Set a new password and end the host's sessions."""
        item = self._found(name)
        if not item or "password" not in item:
            raise AccountRefused(f"There is no host {name!r}. Use scripts.add_host.")
        self._put_host(name, password)

    def remove(self, name: str) -> None:
        """Remove a host or a token; sessions end with it."""
        if not self._found(name):
            raise AccountRefused(f"There is no account {name!r}.")
        self._table.delete_item(Key={"id": name})

    def names(self) -> list[str]:
        ids = [str(item["id"]) for item in scan(self._table)]
        return sorted(name for name in ids if not name.startswith(_ENDED))

    def end_session(self, session_id: str, expires: int) -> None:
        """Remember that it has ended, until it would have anyway (seconds since 1970)."""
        item = {"id": f"{_ENDED}{session_id}", "version": RECORD_VERSION, "expires": expires}
        self._table.put_item(Item=item)

    def has_ended(self, session_id: str) -> bool:
        return self._found(f"{_ENDED}{session_id}") is not None

    def knows(self, name: str) -> bool:
        """Whether there is a host or a token of this name."""
        return is_name(name) and self._found(name) is not None

    def check_password(self, name: str, password: str) -> bool:
        """It takes the same time for a name that is none."""
        item = (self._found(name) if is_name(name) else None) or {}
        right = check_password_hash(item.get("password", self._nobody), password)
        return right and "password" in item

    def epoch(self, name: str) -> str:
        """Drawn anew with every password of a host; empty where there is none."""
        item = self._found(name) or {}
        return str(item.get("epoch", "")) if "password" in item else ""

    def add_token(self, name: str, scopes: tuple[str, ...]) -> str:
        """Make a token for a machine; it is told once and never again."""
        _check_name(name)
        if not scopes or not set(scopes) <= set(SCOPES):
            raise AccountRefused(f"The scopes must be some of: {', '.join(SCOPES)}.")
        if self._found(name):
            raise AccountRefused(f"There is an account {name!r} already.")
        secret = secrets.token_urlsafe(32)
        item = {"token": _digest(secret), "scopes": list(scopes)}
        self._table.put_item(Item={"id": name, "version": RECORD_VERSION, **item})
        return f"{_TOKEN}{name}_{secret}"

    def read_token(self, text: str) -> Token | None:
        """Whose token it is; None for what is none."""
        name, _, secret = text.removeprefix(_TOKEN).partition("_")
        item = self._found(name) if text.startswith(_TOKEN) and is_name(name) else None
        if not item or not secrets.compare_digest(item.get("token", ""), _digest(secret)):
            return None
        return Token(name, tuple(item["scopes"]))

    def _put_host(self, name: str, password: str) -> None:
        password = password.strip()  # as the site does with what is typed there
        if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
            least, most = SHORTEST_PASSWORD, LONGEST_PASSWORD
            raise AccountRefused(f"A password must have {least} to {most} characters.")
        hashed = generate_password_hash(password, method=self._hashing)
        item = {"password": hashed, "epoch": secrets.token_hex(8)}
        self._table.put_item(Item={"id": name, "version": RECORD_VERSION, **item})

    def _found(self, name: str) -> dict[str, Any] | None:
        if not name:
            return None
        found = self._table.get_item(Key={"id": name}, ConsistentRead=True).get("Item")
        return dict(found) if found else None


def is_name(text: str) -> bool:
    """Whether an account can be called so."""
    return _NAME.fullmatch(text) is not None


def _check_name(name: str) -> None:
    if not is_name(name) or name == INSTALLATION:
        raise AccountRefused(
            f"{name!r} is no name for an account: 2 to 32 lower-case letters, digits, dots and "
            f"hyphens, a letter first, and not {INSTALLATION!r}."
        )


def _digest(secret: str) -> str:
    """Enough for a secret of 256 random bits."""
    return hashlib.sha256(secret.encode()).hexdigest()
