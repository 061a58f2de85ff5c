"""A host's session: begun anew at each sign-in; ended by signing out, by its age, with a new
password, and with the account or the e-mail's right to be a host."""

import hashlib
import secrets
import time

from flask import session

from webapp import current
from webapp.accounts import INSTALLATION

LASTS = 12 * 3600  # seconds


def begin(name: str) -> None:
    """Let a host in, who has proven to be one."""
    end()
    about = {"id": secrets.token_hex(16), "since": time.time(), "epoch": _epoch(name)}
    session.update(host=name, **about)


def end() -> None:
    """End it wherever its cookie has been copied to; the browser keeps its name as a visitor."""
    if "host" in session and "id" in session:
        expires = int(time.time()) + LASTS
        current.parts().accounts.end_session(str(session["id"]), expires)
    name = session.get("visitor")
    session.clear()
    if name:
        session["visitor"] = name
    session.permanent = True


def holder() -> str:
    """The host whose session it is; empty for a visitor's, and for one that has ended."""
    name = str(session.get("host", ""))
    return name if name and _holds(name) else ""


def _holds(name: str) -> bool:
    try:
        age = time.time() - float(session["since"])
    except (KeyError, TypeError, ValueError):
        return False
    if not 0 <= age < LASTS or session.get("epoch") != _epoch(name) or "id" not in session:
        return False
    return not current.parts().accounts.has_ended(str(session["id"]))


def _epoch(name: str) -> str:
    """Another one for every password, or issuer of e-mails; empty where nobody is let in so."""
    settings = current.settings()
    if name == INSTALLATION:
        return _short(settings.host_password_hash)
    if "@" in name:  # no account has such a name
        allowed = settings.issuer is not None and settings.issuer.allows(name)
        return _short(f"{settings.issuer.discovery} {name}") if settings.issuer and allowed else ""
    return current.parts().accounts.epoch(name)


def _short(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:16]
