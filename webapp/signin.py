"""Hosts sign in, each with a password; machines bring a token; guessing is slow everywhere."""

import hashlib
import time
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Blueprint, abort, flash, g, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.security import check_password_hash

from webapp import current
from webapp.accounts import INSTALLATION, Token
from webapp.errors import problem_answer

pages = Blueprint("signin", __name__)
P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]
LONGEST = 200  # characters of a name or a password


def host() -> str:
    """The name of the host who asks; empty for anybody else. A session ends with its account, and
    with a new password."""
    if "host" not in g:
        g.host = name if (name := str(session.get("host", ""))) and _holds(name) else ""
    return str(g.host)


def is_host() -> bool:
    return bool(host())


def who() -> str:
    """Who acts, for the audit log: a host, or a machine by its token's name."""
    token = bearer()
    return token.name if token else host()


def bearer() -> Token | None:
    """The token that a machine has brought, if it is one."""
    if "bearer" not in g:
        kind, _, text = request.headers.get("Authorization", "").partition(" ")
        given = text.strip() if kind.lower() == "bearer" else ""
        g.bearer = current.parts().accounts.read_token(given) if given else None
    found: Token | None = g.bearer
    return found


def host_only(view: View[P]) -> View[P]:
    """Let hosts in; send others to the sign-in page, or tell them 401 under /api."""

    @wraps(view)
    def guarded(*arguments: P.args, **named: P.kwargs) -> ResponseReturnValue:
        if is_host():
            return view(*arguments, **named)
        if request.path.startswith("/api/"):
            abort(401)
        return redirect(url_for("signin.form"))

    return guarded


def host_or_token(scope: str) -> Callable[[View[P]], View[P]]:
    """Let hosts in, and machines whose token has the scope."""

    def guard(view: View[P]) -> View[P]:
        @wraps(view)
        def guarded(*arguments: P.args, **named: P.kwargs) -> ResponseReturnValue:
            token = bearer()
            if token and scope not in token.scopes:
                told = f"This token may not do that: it has no scope {scope!r}."
                return problem_answer(403, "scope", told, "Make a token with that scope.")
            if token or is_host():
                return view(*arguments, **named)
            abort(401)

        return guarded

    return guard


@pages.get("/signin")
def form() -> ResponseReturnValue:
    if is_host():
        return redirect(url_for("hosting.panel"))
    return render_template("signin.html", name=INSTALLATION)


@pages.post("/signin")
def enter() -> ResponseReturnValue:
    name = request.form.get("name", "").strip().lower()[:LONGEST] or INSTALLATION
    password = request.form.get("password", "")[:LONGEST]
    throttle, audit = current.parts().throttle, current.parts().audit
    keys = (f"signin {request.remote_addr}", f"account {name}")
    if seconds := max(map(throttle.blocked_for, keys)):
        said = f"Too many tries. Try again in {max(1, seconds // 60)} minutes."
        page = render_template("signin.html", said=said, name=name)
        return page, 429, {"Retry-After": str(seconds)}
    if not _right(name, password):
        for key in keys:
            throttle.note_failure(key)
        audit.add(name, "failed to sign in", f"from {request.remote_addr}")
        said = "This is not the host's password."
        return render_template("signin.html", said=said, name=name), 403
    for key in keys:
        throttle.clear(key)
    session.clear()
    session.update(host=name, since=time.time(), password=_fingerprint(name))
    session.permanent = True
    audit.add(name, "signed in", f"from {request.remote_addr}")
    return redirect(url_for("hosting.panel"), 303)


@pages.post("/signout")
def leave() -> ResponseReturnValue:
    if is_host():
        current.parts().audit.add(host(), "signed out")
    session.clear()
    flash("You are signed out.")
    return redirect(url_for("visitors.first_page"), 303)


def _right(name: str, password: str) -> bool:
    if name == INSTALLATION:
        return check_password_hash(current.settings().host_password_hash, password)
    return current.parts().accounts.check_password(name, password)


def _holds(name: str) -> bool:
    if name == INSTALLATION:
        return session.get("password") == _fingerprint(name)
    return current.parts().accounts.session_holds(name, float(session.get("since", 0.0)))


def _fingerprint(name: str) -> str:
    """Of the installation's password, so that its sessions end when it is another."""
    if name != INSTALLATION:
        return ""
    return hashlib.sha256(current.settings().host_password_hash.encode()).hexdigest()[:16]
