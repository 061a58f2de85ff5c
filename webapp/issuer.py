"""The issuer who may vouch for hosts by OpenID Connect, and for which of them it is believed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Self
from urllib.parse import urlsplit

_PREFIX = "DEEP_HOP_OIDC_"
_NEEDED = ("DISCOVERY", "CLIENT_ID", "CLIENT_SECRET", "EMAILS")
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}


@dataclass(frozen=True)
class Issuer:
    """Where it is described, as whom the site asks it, and whose e-mails are let in."""

    discovery: str  # address of its openid-configuration
    client_id: str
    client_secret: str = field(repr=False)
    emails: frozenset[str]
    name: str  # on the button

    def allows(self, email: str) -> bool:
        """Letters that only look like an address's, or become its in small, are others."""
        return email.isascii() and email.lower() in self.emails

    @classmethod
    def from_env(cls, env: Mapping[str, str], problems: list[str]) -> Self | None:
        """None where nothing of it is set; what is wrong goes to `problems`."""
        given = {name: env.get(f"{_PREFIX}{name}", "").strip() for name in _NEEDED}
        if not any(given.values()):
            return None
        if missing := [f"{_PREFIX}{name}" for name, text in given.items() if not text]:
            problems.append(f"{', '.join(missing)} must be set as well, or nothing of {_PREFIX}*.")
        address = urlsplit(given["DISCOVERY"])
        host = address.hostname or ""
        if not (host and (address.scheme == "https" or host in _LOOPBACK)):
            problems.append(
                f"{_PREFIX}DISCOVERY is {given['DISCOVERY']!r}; it must be an https address, such "
                "as https://accounts.example.org/.well-known/openid-configuration."
            )
        emails = [email for email in re.split(r"[,\s]+", given["EMAILS"].lower()) if email]
        for wrong in (email for email in emails if not _EMAIL.fullmatch(email)):
            problems.append(f"{_PREFIX}EMAILS has {wrong!r}; each must be an e-mail address.")
        return cls(
            discovery=given["DISCOVERY"],
            client_id=given["CLIENT_ID"],
            client_secret=given["CLIENT_SECRET"],
            emails=frozenset(emails),
            name=env.get(f"{_PREFIX}NAME", "").strip() or host,
        )
