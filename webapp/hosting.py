"""The hosts' page: start the model for some minutes, see what it does and costs, stop it."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.leases import LeaseNotFound
from webapp.signin import host_only
from webapp.switch import LeaseRefused

pages = Blueprint("hosting", __name__, url_prefix="/host")
USUAL_MINUTES = 30
LONGEST_WHY = 120


@pages.get("")
@host_only
def panel() -> ResponseReturnValue:
    return _page()


@pages.get("/panel")
@host_only
def live_panel() -> ResponseReturnValue:
    """The part of the page that changes by itself, as its script fetches it."""
    return render_template("_host.html", **_facts())


@pages.post("/start")
@host_only
def start() -> ResponseReturnValue:
    why = request.form.get("why", "").strip()[:LONGEST_WHY]
    try:
        lease = current.parts().switch.start(_minutes(), "host", why)
    except LeaseRefused as error:
        return _page(problem=error.problems[0].message), 400
    flash(f"The model is on until {lease.until:%H:%M} UTC, then it switches itself off.")
    return redirect(url_for("hosting.panel"), 303)


@pages.post("/extend/<lease_id>")
@host_only
def extend(lease_id: str) -> ResponseReturnValue:
    try:
        lease = current.parts().switch.extend(lease_id, _minutes())
    except LeaseRefused as error:
        return _page(problem=error.problems[0].message), 400
    except LeaseNotFound:
        flash("This lease has ended already.")
    else:
        flash(f"Extended: the model is on until {lease.until:%H:%M} UTC.")
    return redirect(url_for("hosting.panel"), 303)


@pages.post("/stop/<lease_id>")
@host_only
def stop(lease_id: str) -> ResponseReturnValue:
    try:
        current.parts().switch.stop(lease_id)
    except LeaseNotFound:
        flash("This lease has ended already.")
    else:
        flash("Stopped. Without another lease the model goes now.")
    return redirect(url_for("hosting.panel"), 303)


def _minutes() -> int:
    text = request.form.get("minutes", "").strip()
    return int(text) if text.isdecimal() and len(text) < 9 else -1


def _facts() -> dict[str, object]:
    switch = current.parts().switch
    return {
        "told": switch.state(),
        "leases": switch.live_leases(),
        "starts": switch.history(),
        "most": current.settings().most_minutes,
        "usual": USUAL_MINUTES,
    }


def _page(problem: str = "") -> str:
    return render_template("host.html", problem=problem, **_facts())
