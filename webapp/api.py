"""The site's JSON routes."""

import json
from typing import Any

from flask import Blueprint, Response, abort, jsonify, request, stream_with_context
from flask.typing import ResponseReturnValue

from bars.events import to_json
from bars.verse import Problem, RequestRefused, VerseRequest
from webapp import current, door
from webapp.composed import read_composed
from webapp.door import HeldBack
from webapp.errors import later, problem_answer, refused
from webapp.feedback import FeedbackRefused
from webapp.hosting import checked_why
from webapp.leases import Lease, LeaseNotFound
from webapp.lyricist import LyricistBusy
from webapp.recording import ELSEWHERE
from webapp.signin import host_or_token, is_host, who
from webapp.state import EndpointState
from webapp.switch import LeaseRefused
from webapp.unfinished import Masked, Unwanted
from webapp.unfinished_api import found_unfinished
from webapp.unfinished_store import queue_now
from webapp.verse_pages import NOT_YOURS, delete, found_verse, keep_feedback, may_delete
from webapp.verse_stream import Events, ModelOff, open_rest, open_verse, server_sent

routes = Blueprint("api", __name__, url_prefix="/api")
MOST_COMPOSED = 30  # of a browser, in fifteen minutes
_MASKED = (
    "masked",
    "The rest cannot be written: some of its words are known here only with asterisks.",
    "Write it again.",
)
_NOT_LEASED = ("not_found", "There is no such lease, or it has ended.", "Look at the live leases.")


@routes.get("/state")
def state() -> ResponseReturnValue:
    """Everybody may know what the model does; who started it and why is for hosts."""
    return jsonify(_public(current.parts().switch.state()))


@routes.post("/verses")
def write_verse() -> ResponseReturnValue:
    """Answers text/event-stream; 400 with fields, 403 without a demo's PIN, 409 where a rest cannot
    be written, 429 when many wait or somebody has asked for many, 503 when the model is off.

    With ?wall=yes the verse is shown on the wall while it is written. With ?rest_of=id the rest
    of a verse is written that was broken off; its wish is known.
    """
    try:
        events = _opened(json_body())
    except RequestRefused as error:
        return refused("This verse cannot be asked for.", error.problems)
    except LyricistBusy as busy:
        return later(429, "busy", str(busy), f"Try again in {busy.seconds} s.", busy.seconds)
    except HeldBack as held:
        return _held_back(held)
    except Unwanted:
        return problem_answer(409, ELSEWHERE.code, ELSEWHERE.message, ELSEWHERE.remedy)
    except Masked:
        return problem_answer(409, *_MASKED)
    except ModelOff as off:
        told = _public(off.state) if off.state else None
        return problem_answer(503, off.code, str(off), off.remedy, state=told)
    headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
    stream = stream_with_context(server_sent(events))
    return Response(stream, mimetype="text/event-stream", headers=headers)


@routes.post("/pin")
def give_pin() -> ResponseReturnValue:
    """`pin`, before the verses of a demo that has one; it is kept in the session."""
    body = json_body()
    given = body.get("pin") if isinstance(body, dict) else None
    if not isinstance(given, str):
        problem = Problem("pin", str(given)[:40], "must be text.")
        return refused("This PIN cannot be read.", [problem])
    try:
        door.give_pin(given.strip())
    except HeldBack as held:
        return _held_back(held)
    return "", 204


def _opened(body: Any) -> Events:
    parts, visitor = current.parts(), current.visitor()
    if rest_of := request.args.get("rest_of"):
        unfinished = found_unfinished(rest_of)
        door.pass_through()
        return open_rest(parts, unfinished, visitor)
    wish = VerseRequest.from_json(body)
    on_wall = request.args.get("wall") == "yes" and wish.alternatives is None
    door.pass_through()
    return open_verse(parts, wish, visitor, current.mark(), on_wall)


@routes.post("/verses/composed")
def keep_composed() -> ResponseReturnValue:
    """A verse of chosen and edited bars: as it is heard, and with `keep`, under an address."""
    body = json_body()
    try:
        wish, bars = read_composed(body)
    except RequestRefused as error:
        return refused("This verse cannot be kept.", error.problems)
    told = [to_json(bar) for bar in bars]
    if not body.get("keep"):
        return jsonify({"bars": told})
    if seconds := current.parts().throttle.take(f"compose {current.mark()}", MOST_COMPOSED):
        wait = f"Wait for {seconds} s."
        return later(429, "busy", "You have kept many verses.", wait, seconds)
    verse_id = current.parts().verses.save(wish, told, current.mark())
    return jsonify({"bars": told, "id": verse_id, "url": f"/verses/{verse_id}"}), 201


@routes.get("/verses/<verse_id>")
def verse(verse_id: str) -> ResponseReturnValue:
    return jsonify(found_verse(verse_id).to_json())


@routes.delete("/verses/<verse_id>")
def delete_verse(verse_id: str) -> ResponseReturnValue:
    """For the browser that had it written, and for hosts."""
    if not may_delete(found_verse(verse_id)):
        return problem_answer(403, "not_yours", *NOT_YOURS)
    delete(verse_id)
    return "", 204


@routes.post("/verses/<verse_id>/feedback")
def give_feedback(verse_id: str) -> ResponseReturnValue:
    """`thumb` up or down, and perhaps a sentence."""
    body = json_body()
    given = body if isinstance(body, dict) else {}
    try:
        keep_feedback(found_verse(verse_id), given.get("thumb"), given.get("text", ""))
    except FeedbackRefused as error:
        return refused("This feedback cannot be kept.", error.problems)
    return "", 204


@routes.get("/leases")
@host_or_token("read")
def leases() -> ResponseReturnValue:
    return jsonify({"leases": [x.to_json() for x in current.parts().switch.live_leases()]})


@routes.post("/leases")
@host_or_token("leases")
def start() -> ResponseReturnValue:
    try:
        body = _object("minutes", "why")
        why = checked_why(body.get("why", ""))
        lease = current.parts().switch.start(body.get("minutes", ""), who(), why)
    except LeaseRefused as error:
        return refused("No lease was given.", error.problems)
    return jsonify(lease.to_json()), 201


@routes.patch("/leases/<lease_id>")
@host_or_token("leases")
def change(lease_id: str) -> ResponseReturnValue:
    """Minutes more, or whether it ends early where nobody uses the model."""
    try:
        lease = _changed(lease_id, _object("minutes", "idle_stop"))
    except LeaseRefused as error:
        return refused("The lease was not changed.", error.problems)
    except LeaseNotFound:
        return problem_answer(404, *_NOT_LEASED)
    return jsonify(lease.to_json())


@routes.delete("/leases/<lease_id>")
@host_or_token("leases")
def stop(lease_id: str) -> ResponseReturnValue:
    try:
        current.parts().switch.stop(lease_id, who())
    except LeaseNotFound:
        return problem_answer(404, *_NOT_LEASED)
    return "", 204


@routes.get("/endpoints")
@host_or_token("read")
def endpoints() -> ResponseReturnValue:
    """Everything that runs in the region, whoever started it."""
    return jsonify(current.parts().switch.region().to_json())


@routes.get("/starts")
@host_or_token("read")
def starts() -> ResponseReturnValue:
    return jsonify({"starts": [record.to_json() for record in current.parts().switch.history()]})


def _held_back(held: HeldBack) -> ResponseReturnValue:
    return later(held.status, held.code, str(held), held.remedy, held.seconds)


def _public(told: EndpointState) -> dict[str, Any]:
    queue = queue_now(current.parts().unfinished, told)
    body = told.to_json() | {"queue": queue and queue.to_json()}
    return body if is_host() else body | {"who": None, "why": None}


def _changed(lease_id: str, body: dict[str, Any]) -> Lease:
    if len(body) > 1:
        one = "cannot be sent with idle_stop; send one after the other."
        raise LeaseRefused([Problem("minutes", str(body["minutes"])[:40], one)])
    if "idle_stop" not in body:
        return current.parts().switch.extend(lease_id, body.get("minutes", ""), who())
    if not isinstance(idle_stop := body["idle_stop"], bool):
        right = "must be true or false."
        raise LeaseRefused([Problem("idle_stop", str(idle_stop)[:40], right)])
    return current.parts().switch.let_idle(lease_id, idle_stop, who())


def json_body() -> Any:
    """The body; 415 or 400 where it is no JSON, or none that can be written down as text."""
    try:
        body = request.get_json()
        json.dumps(body, ensure_ascii=False).encode()
    except (RecursionError, UnicodeEncodeError):
        abort(400)
    return body


def _object(*known: str) -> dict[str, Any]:
    """The body, an object of known fields; LeaseRefused for anything else."""
    body = json_body()
    if not isinstance(body, dict):
        problem = Problem("body", str(body)[:80], "must be a JSON object.")
        raise LeaseRefused([problem])
    if unknown := [str(name)[:40] for name in body if name not in known]:
        right = f"is not a field of a lease; these are: {', '.join(known)}."
        raise LeaseRefused([Problem(name, None, right) for name in unknown])
    return body
