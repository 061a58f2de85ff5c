"""Demos over JSON: everybody may read them, hosts plan, change and cancel them."""

from collections.abc import Callable
from datetime import date
from functools import wraps
from typing import Any, ParamSpec

from flask import Blueprint, Response, jsonify, request
from flask.typing import ResponseReturnValue

from bars.verse import Problem
from webapp import current
from webapp.api import json_body
from webapp.demo_store import DemoChanged, DemoNotFound
from webapp.demo_wish import DemoRefused
from webapp.demos import Demo
from webapp.errors import problem_answer, refused
from webapp.signin import host_or_token, who

routes = Blueprint("demo_api", __name__, url_prefix="/api/demos")
P = ParamSpec("P")
CHANGED = ("Somebody else has changed this demo meanwhile.", "Load it again, then change it.")


def _answering(view: Callable[P, ResponseReturnValue]) -> Callable[P, ResponseReturnValue]:
    """Tell in JSON why a change of a demo was not made."""

    @wraps(view)
    def answering(*arguments: P.args, **named: P.kwargs) -> ResponseReturnValue:
        try:
            return view(*arguments, **named)
        except DemoRefused as error:
            return refused("This demo cannot be planned.", error.problems)
        except DemoNotFound:
            return problem_answer(
                404, "not_found", "There is no such demo, or it is cancelled.", "Look at the list."
            )
        except DemoChanged:
            return problem_answer(409, "changed", *CHANGED)

    return answering


@routes.get("")
def demos() -> ResponseReturnValue:
    """What is coming, the next first; each day of a weekly demo by itself."""
    return jsonify({"demos": [each.to_json() for each in current.parts().schedule.upcoming()]})


@routes.post("")
@host_or_token("demos")
@_answering
def plan() -> ResponseReturnValue:
    return _told(current.parts().schedule.plan(_wish(), who())), 201


@routes.get("/<demo_id>")
@host_or_token("demos")
@_answering
def demo(demo_id: str) -> ResponseReturnValue:
    return _told(current.parts().schedule.find(demo_id))


@routes.patch("/<demo_id>")
@host_or_token("demos")
@_answering
def change(demo_id: str) -> ResponseReturnValue:
    """The whole wish anew, but for the PIN, which stays unless it is named; with `revision` only
    if nobody else has changed it since."""
    wish = _wish()
    revision = wish.pop("revision", None)
    if revision is not None and type(revision) is not int:
        raise DemoRefused([Problem("revision", str(revision)[:40], "must be a whole number.")])
    return _told(current.parts().schedule.change(demo_id, wish, who(), revision))


@routes.delete("/<demo_id>")
@host_or_token("demos")
@_answering
def cancel(demo_id: str) -> ResponseReturnValue:
    """All of it, or with ?day=2026-12-31 that day alone."""
    current.parts().schedule.cancel(demo_id, who(), read_day(request.args.get("day", "")))
    return "", 204


def read_day(text: str) -> date | None:
    """A day out of an address; DemoNotFound for what is none."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        raise DemoNotFound(text) from None


def _wish() -> dict[str, Any]:
    body = json_body()
    if not isinstance(body, dict):
        raise DemoRefused([Problem("body", str(body)[:80], "must be a JSON object.")])
    return body


def _told(demo: Demo) -> Response:
    days = [each.to_json() for each in demo.occurrences()]
    told: Response = jsonify(demo.to_json() | {"occurrences": days})
    return told
