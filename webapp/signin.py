"""Hosts sign in with the installation's password; guessing is slow wherever the site runs."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue
from werkzeug.security import check_password_hash

from webapp import current

pages = Blueprint("signin", __name__)
P = ParamSpec("P")


def is_host() -> bool:
    return bool(session.get("host"))


def host_only(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Let hosts in; send others to the sign-in page, or tell them 401 under /api."""

    @wraps(view)
    def guarded(*arguments: P.args, **named: P.kwargs) -> ResponseReturnValue:
        if is_host():
            return view(*arguments, **named)
        if request.path.startswith("/api/"):
            abort(401)
        return redirect(url_for("signin.form"))

    return guarded


@pages.get("/signin")
def form() -> ResponseReturnValue:
    if is_host():
        return redirect(url_for("hosting.panel"))
    return render_template("signin.html")


@pages.post("/signin")
def enter() -> ResponseReturnValue:
    throttle, key = current.parts().throttle, f"signin {request.remote_addr}"
    if seconds := throttle.blocked_for(key):
        said = f"Too many tries. Try again in {max(1, seconds // 60)} minutes."
        page = render_template("signin.html", said=said)
        return page, 429, {"Retry-After": str(seconds)}
    password = request.form.get("password", "")
    if not check_password_hash(current.settings().host_password_hash, password):
        throttle.note_failure(key)
        return render_template("signin.html", said="This is not the host's password."), 403
    throttle.clear(key)
    session.clear()
    session["host"] = True
    session.permanent = True
    return redirect(url_for("hosting.panel"), 303)


@pages.post("/signout")
def leave() -> ResponseReturnValue:
    session.clear()
    flash("You are signed out.")
    return redirect(url_for("visitors.first_page"), 303)
