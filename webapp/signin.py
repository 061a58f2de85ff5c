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
LASTS = 12 * 3600  # seconds of a host's session
TRIES, TRIES_OF_AN_ADDRESS, TRIES_AT_AN_ACCOUNT = 5, 50, 100  # in fifteen minutes


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
    tries = {
        f"signin {name} {request.remote_addr}": TRIES,
        f"signin {request.remote_addr}": TRIES_OF_AN_ADDRESS,
        f"signin {name}": TRIES_AT_AN_ACCOUNT,
    }
    if seconds := max(throttle.take(key, most) for key, most in tries.items()):
        said = f"Too many tries. Try again in {max(1, seconds // 60)} minutes."
        page = render_template("signin.html", said=said, name=name)
        return page, 429, {"Retry-After": str(seconds)}
    if not _right(name, password):
        audit.add(name, "failed to sign in", f"from {request.remote_addr}")
        said = "This is not the host's password."
        return render_template("signin.html", said=said, name=name), 403
    for key in tries:
        throttle.clear(key)
    _begin_anew()
    session.update(host=name, since=time.time(), epoch=_epoch(name))
    audit.add(name, "signed in", f"from {request.remote_addr}")
    return redirect(url_for("hosting.panel"), 303)


@pages.post("/signout")
def leave() -> ResponseReturnValue:
    if is_host():
        current.parts().audit.add(host(), "signed out")
    _begin_anew()
    flash("You are signed out.")
    return redirect(url_for("visitors.first_page"), 303)


def _right(name: str, password: str) -> bool:
    if name == INSTALLATION:
        return check_password_hash(current.settings().host_password_hash, password)
    return current.parts().accounts.check_password(name, password)


def _begin_anew() -> None:
    """A session of its own for whoever signs in or out; the browser keeps its name as a visitor."""
    name = session.get("visitor")
    session.clear()
    if name:
        session["visitor"] = name
    session.permanent = True


def _holds(name: str) -> bool:
    """Whether a host's session is young enough, and begun with the password that is set now."""
    try:
        age = time.time() - float(session["since"])
    except (KeyError, TypeError, ValueError):
        return False
    return 0 <= age < LASTS and session.get("epoch") == _epoch(name)


def _epoch(name: str) -> str:
    """Another one for every password; empty where there is no such account."""
    if name != INSTALLATION:
        return current.parts().accounts.epoch(name)
    return hashlib.sha256(current.settings().host_password_hash.encode()).hexdigest()[:16]
