"""Hosts sign in, each with a password; machines bring a token; guessing is slow everywhere."""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Blueprint, abort, flash, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from werkzeug.security import check_password_hash

from webapp import current, host_session
from webapp.accounts import INSTALLATION, Token, is_name
from webapp.errors import problem_answer

pages = Blueprint("signin", __name__)
P = ParamSpec("P")
View = Callable[P, ResponseReturnValue]
NOBODY = "somebody"  # in the audit log; what they called themselves may be a password
TRIES, TRIES_OF_AN_ADDRESS, TRIES_AT_AN_ACCOUNT = 5, 50, 100  # in fifteen minutes


def host() -> str:
    """The name of the host who asks; empty for anybody else."""
    if "host" not in g:
        g.host = ""  # where it cannot be found out, the page that says so is a visitor's
        g.host = host_session.holder()
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
    return _page()


@pages.post("/signin")
def enter() -> ResponseReturnValue:
    name = request.form.get("name", "").strip().lower() or INSTALLATION
    password = request.form.get("password", "").strip()
    throttle, audit = current.parts().throttle, current.parts().audit
    tries = _tries(name)
    if seconds := throttle.take_in_turn(tries):
        said = f"Too many tries. Try again in {max(1, seconds // 60)} minutes."
        return refuse(429, said, seconds, name)
    if not _right(name, password):
        audit.add(name if _is_hosts(name) else NOBODY, "failed to sign in")
        return refuse(403, "This is not the host's password.", name=name)
    for key in tries:
        throttle.clear(key)
    host_session.begin(name)
    audit.add(name, "signed in")
    return redirect(url_for("hosting.panel"), 303)


@pages.post("/signout")
def leave() -> ResponseReturnValue:
    if is_host():
        current.parts().audit.add(host(), "signed out")
    host_session.end()
    flash("You are signed out.")
    return redirect(url_for("visitors.first_page"), 303)


def refuse(status: int, said: str, seconds: int = 0, name: str = "") -> ResponseReturnValue:
    """The sign-in page again, with the reason; `seconds` until another try may help."""
    headers = {"Retry-After": str(seconds)} if seconds else {}
    return _page(name, said), status, headers


def _page(name: str = "", said: str = "") -> str:
    """The page; its fields are wrong where it tells a name what has gone wrong."""
    shown = {"name": name or INSTALLATION, "said": said, "wrong": bool(said and name)}
    return render_template("signin.html", issuer=current.settings().issuer, **shown)


def _tries(name: str) -> dict[str, int]:
    """What a try counts for, and how many there may be. What no account can be called counts for
    its address alone; a name is kept as a hash, because a password may have been typed there."""
    network = current.network()
    of_address = {f"signin-at {network}": TRIES_OF_AN_ADDRESS}
    if not is_name(name):
        return of_address
    digest = hashlib.sha256(name.encode()).hexdigest()[:24]
    return {
        f"signin-of {digest} {network}": TRIES,
        **of_address,
        f"signin-account {digest}": TRIES_AT_AN_ACCOUNT,
    }


def _is_hosts(name: str) -> bool:
    return name == INSTALLATION or current.parts().accounts.knows(name)


def _right(name: str, password: str) -> bool:
    if name == INSTALLATION:
        return check_password_hash(current.settings().host_password_hash, password)
    return current.parts().accounts.check_password(name, password)
