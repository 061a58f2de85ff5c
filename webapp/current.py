"""What the running site was made of, for the code that answers a request."""

import hashlib
import secrets
from typing import cast

from flask import current_app, session

from webapp.settings import WebSettings
from webapp.wiring import Parts


def parts() -> Parts:
    return cast(Parts, current_app.extensions["deep_hop"])


def settings() -> WebSettings:
    return cast(WebSettings, current_app.extensions["deep_hop_settings"])


def mark() -> str:
    """The mark of the browser that asks, from which its name cannot be had."""
    return hashlib.sha256(visitor().encode()).hexdigest()[:24]


def visitor() -> str:
    """A name for the browser that asks, drawn at random and kept in its session."""
    if "visitor" not in session:
        session["visitor"] = secrets.token_hex(8)
        session.permanent = True
    return str(session["visitor"])
