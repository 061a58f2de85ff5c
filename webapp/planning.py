"""The pages on which hosts plan demos, and the calendar that everybody may have of them."""

from collections.abc import Sequence

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bars.verse import Problem
from webapp import current
from webapp.calendar_file import MIMETYPE, calendar_of
from webapp.demo_api import CHANGED, read_day
from webapp.demo_store import DemoChanged, DemoNotFound
from webapp.demo_wish import DemoRefused
from webapp.demos import Demo, Occurrence
from webapp.errors import problem_answer
from webapp.reconciler import utc_now
from webapp.signin import host_only, who

pages = Blueprint("planning", __name__)
MOST_SHOWN = 30  # occurrences
_EMPTY = {
    "title": "",
    "date": "",
    "time": "",
    "zone": "",
    "minutes": "45",
    "lead": "",
    "repeat_until": "",
    "second": "",
    "pin": "",
}
_GONE = (404, "not_found", "There is no such demo, or it is cancelled.", "Go back to the switch.")


@pages.get("/host/demos")
@host_only
def listed() -> ResponseReturnValue:
    return _page(_EMPTY)


@pages.post("/host/demos")
@host_only
def plan() -> ResponseReturnValue:
    given = _given()
    try:
        demo = current.parts().schedule.plan(given, who())
    except DemoRefused as error:
        return _page(given, error.problems), 400
    flash(_said("Planned", demo))
    return redirect(url_for("planning.listed"), 303)


@pages.get("/host/demos/<demo_id>")
@host_only
def edit(demo_id: str) -> ResponseReturnValue:
    try:
        demo = current.parts().schedule.find(demo_id)
    except DemoNotFound:
        return problem_answer(*_GONE)
    return _page(_as_given(demo), demo=demo, revision=demo.revision)


@pages.post("/host/demos/<demo_id>")
@host_only
def change(demo_id: str) -> ResponseReturnValue:
    schedule, given = current.parts().schedule, _given()
    seen = request.form.get("revision", "")
    revision = int(seen) if seen.isdecimal() and len(seen) < 9 else None
    try:
        demo = schedule.change(demo_id, given, who(), revision)
    except DemoRefused as error:
        return _page(given, error.problems, schedule.find(demo_id), revision), 400
    except DemoNotFound:
        return problem_answer(*_GONE)
    except DemoChanged:
        flash(" ".join(CHANGED))
        return redirect(url_for("planning.edit", demo_id=demo_id), 303)
    flash(_said("Changed", demo))
    return redirect(url_for("planning.listed"), 303)


@pages.post("/host/demos/<demo_id>/cancel")
@host_only
def cancel(demo_id: str) -> ResponseReturnValue:
    try:
        current.parts().schedule.cancel(demo_id, who(), read_day(request.form.get("day", "")))
    except DemoNotFound:
        flash("This demo was cancelled already.")
    except DemoChanged:
        flash(" ".join(CHANGED))
    else:
        flash("Cancelled.")
    return redirect(url_for("planning.listed"), 303)


@pages.get("/demos.ics")
def calendar() -> ResponseReturnValue:
    """Every demo that is coming: an address to subscribe to."""
    return _calendar(current.parts().schedule.upcoming(), "demos")


@pages.get("/demos/<demo_id>.ics")
def calendar_of_one(demo_id: str) -> ResponseReturnValue:
    found = [each for each in current.parts().schedule.upcoming() if each.demo.id == demo_id]
    if not found:
        abort(404)
    return _calendar(found, f"demo-{found[0].day}")


def _calendar(occurrences: Sequence[Occurrence], name: str) -> Response:
    body = calendar_of(occurrences, url_for("visitors.first_page", _external=True), utc_now())
    attachment = {"Content-Disposition": f'attachment; filename="{name}.ics"'}
    return Response(body, content_type=f"{MIMETYPE}; charset=utf-8", headers=attachment)


def _given() -> dict[str, str]:
    return {name: request.form.get(name, "").strip() for name in _EMPTY}


def _as_given(demo: Demo) -> dict[str, str]:
    """A demo as it would be written into the form."""
    told = demo.to_json()
    second = {None: "", False: "first", True: "second"}[demo.second]
    dates = {"date": told["day"], "time": told["at"], "second": second}
    names = {"title": "title", "zone": "zone", "minutes": "minutes", "lead": "lead", "pin": "pin"}
    plain = {field: str(told[name]) for field, name in names.items() if told[name] is not None}
    return _EMPTY | plain | dates | {"repeat_until": told["until"] or ""}


def _said(what: str, demo: Demo) -> str:
    weekly = f", then weekly until {demo.until}" if demo.until else ""
    return f"{what}: {demo.title}, {demo.day} at {demo.at:%H:%M} ({demo.zone}){weekly}."


def _page(
    given: dict[str, str],
    problems: Sequence[Problem] = (),
    demo: Demo | None = None,
    revision: int | None = None,
) -> str:
    return render_template(
        "demos.html",
        given=given,
        fields={problem.field: problem.message for problem in problems},
        demo=demo,
        revision=revision,
        coming=current.parts().schedule.upcoming()[:MOST_SHOWN],
        lead=current.parts().switch.usual_lead(),
        most=current.settings().limits.most_minutes,
    )
