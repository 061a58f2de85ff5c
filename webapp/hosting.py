"""The hosts' page: start the model for some minutes, see what it does and costs, stop it."""

from collections.abc import Sequence

from botocore.exceptions import BotoCoreError, ClientError
from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bars.verse import Problem
from webapp import current
from webapp.endpoint import Region
from webapp.leases import LeaseNotFound
from webapp.signin import host_only, who
from webapp.switch import LeaseRefused
from webapp.unfinished_store import queue_now

pages = Blueprint("hosting", __name__, url_prefix="/host")
USUAL_MINUTES = 30
LONGEST_WHY = 120  # characters
_STAYS = "This lease has ended. The model stays on for another; end that too to switch it off."
_ENDED = "This lease has ended already."


@pages.get("")
@host_only
def panel() -> ResponseReturnValue:
    return _page({"minutes": str(USUAL_MINUTES), "why": ""})


@pages.get("/panel")
@host_only
def live_panel() -> ResponseReturnValue:
    """The parts of the page that change by themselves, as its script fetches them."""
    return render_template("_host.html", **_facts())


@pages.post("/start")
@host_only
def start() -> ResponseReturnValue:
    given = {name: request.form.get(name, "").strip() for name in ("minutes", "why")}
    try:
        lease = current.parts().switch.start(_minutes(), who(), checked_why(given["why"]))
    except LeaseRefused as error:
        return _page(given, error.problems), 400
    if lease.ended:
        flash(f"It was not started: {lease.end_reason}.")
        return _back()
    flash(f"The model is on until {lease.until:%H:%M} UTC, then it switches itself off.")
    return _back()


@pages.post("/rehearse")
@host_only
def rehearse() -> ResponseReturnValue:
    try:
        current.parts().switch.rehearse(who())
    except LeaseRefused as error:
        flash(f"No rehearsal: {error.problems[0].message}")
    else:
        flash("The rehearsal has begun: it starts, writes one verse, and stops. See the history.")
    return _back()


@pages.post("/extend/<lease_id>")
@host_only
def extend(lease_id: str) -> ResponseReturnValue:
    try:
        lease = current.parts().switch.extend(lease_id, _minutes(), who())
    except LeaseRefused as error:
        flash(f"The lease was not extended. Minutes: {error.problems[0].message}")
    except LeaseNotFound:
        flash(_ENDED)
    else:
        flash(f"Extended: the model is on until {lease.until:%H:%M} UTC.")
    return _back()


@pages.post("/idle/<lease_id>")
@host_only
def let_idle(lease_id: str) -> ResponseReturnValue:
    stops = request.form.get("idle_stop") == "yes"
    try:
        current.parts().switch.let_idle(lease_id, stops, who())
    except LeaseNotFound:
        flash(_ENDED)
    else:
        flash("It stops when nobody uses it." if stops else "It stays on, used or not.")
    return _back()


@pages.post("/stop/<lease_id>")
@host_only
def stop(lease_id: str) -> ResponseReturnValue:
    try:
        current.parts().switch.stop(lease_id, who())
    except LeaseNotFound:
        flash(_ENDED)
    else:
        others = current.parts().switch.live_leases()
        flash(_STAYS if others else "Stopped. The model goes now.")
    return _back()


def checked_why(why: object) -> str:
    """What a lease is for, or LeaseRefused."""
    if not isinstance(why, str) or len(why) > LONGEST_WHY:
        right = f"must be text of at most {LONGEST_WHY} characters."
        raise LeaseRefused([Problem("why", str(why)[:LONGEST_WHY], right)])
    return why


def _minutes() -> int:
    text = request.form.get("minutes", "").strip()
    return int(text) if text.isdecimal() and len(text) < 9 else -1


def _back() -> ResponseReturnValue:
    return redirect(url_for("hosting.panel"), 303)


def _facts() -> dict[str, object]:
    switch = current.parts().switch
    told = switch.state()
    return {
        "told": told,
        "queue": queue_now(current.parts().unfinished, told),
        "region": _region(),
        "idle_minutes": current.settings().limits.idle_minutes,
        "leases": switch.live_leases(),
        "starts": switch.history(),
        "most": current.settings().limits.most_minutes,
    }


def _region() -> Region | None:
    """None where AWS does not tell it now: the page with the stop button comes all the same."""
    try:
        return current.parts().switch.region()
    except (BotoCoreError, ClientError):
        return None


def _page(given: dict[str, str], problems: Sequence[Problem] = ()) -> str:
    fields = {problem.field: problem.message for problem in problems}
    return render_template("host.html", given=given, fields=fields, **_facts())
