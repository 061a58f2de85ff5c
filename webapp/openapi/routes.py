"""The routes under /api: who may ask, for what, and what comes back."""

from webapp.openapi.events import stream
from webapp.openapi.pieces import (
    TEXT,
    Json,
    answer,
    body,
    errors,
    in_path,
    in_query,
    list_of,
    ref,
    told,
)  # fmt: skip

_SESSION: Json = {"session": []}
_FORM: Json = {"session": [], "csrf": []}
_UNREACHABLE = errors(s503="AWS cannot be reached now.")
_NO_JSON = errors(
    s400="Not as it must be; `fields` names what is wrong.",
    s413="Larger than the site takes.",
    s415="The body is not JSON.",
)
_CSRF = errors(s400="Not as it must be, or without a CSRF token.")
_NO_VERSE = errors(s404="There is no such verse.")
_EMPTY: Json = {"204": {"description": "Done."}}


def _route(said: str, answers: Json, **more: object) -> Json:
    return {"summary": said, "responses": {**answers, **_UNREACHABLE}} | more


def _guarded(scope: str, said: str, answers: Json, changes: bool = True, **more: object) -> Json:
    """For hosts, and for tokens with this scope."""
    who = errors(s401="Nobody has signed in.", s403=f"The token has no scope `{scope}`.")
    security = [{"token": [scope]}, _FORM if changes else _SESSION]
    return _route(said, who | (_CSRF if changes else {}) | answers, security=security, **more)


_VERSES: Json = {
    "/api/verses": {
        "post": _route(
            "Have a verse written",
            {"200": stream()}
            | _NO_JSON
            | errors(s429="Many wait already.", s503="The model is not ready; `state` says why."),
            parameters=[in_query("wall", TEXT, "`yes`: it is shown on the wall.")],
            requestBody=body("VerseRequest", {"topic": "rain on the roof", "bars": 4}),
        )
    },
    "/api/verses/composed": {
        "post": _route(
            "Hear a verse of chosen and edited bars, and keep it",
            {
                "200": answer("As it is heard.", ref("Composed")),
                "201": answer("It is kept.", ref("Composed")),
            }
            | _NO_JSON
            | errors(s429="This browser has kept many."),
            requestBody=body(
                "ComposedRequest",
                {"request": {"scheme": "AABB"}, "bars": ["The lights go low", "And still I flow"]},
            ),
        )
    },
    "/api/verses/{verse_id}": {
        "parameters": [in_path("verse_id")],
        "get": _route("A verse", {"200": answer("The verse.", ref("Verse"))} | _NO_VERSE),
        "delete": _route(
            "Delete a verse",
            _EMPTY | _NO_VERSE | _CSRF | errors(s403="Only its writer's browser and hosts may."),
            security=[_FORM],
        ),
    },
    "/api/verses/{verse_id}/feedback": {
        "parameters": [in_path("verse_id")],
        "post": _route(
            "Say how a verse is",
            _EMPTY | _NO_VERSE | _NO_JSON,
            requestBody=body("FeedbackRequest", {"thumb": "up", "text": "That rhyme!"}),
            security=[_FORM],
        ),
    },
    "/api/sound": {
        "post": _route(
            "Hear bars",
            {"200": answer("What is heard.", ref("Sound"))} | _NO_JSON,
            requestBody=body("SoundRequest", {"text": "The lights go low\nAnd still I flow"}),
        )
    },
    "/api/wall": {
        "get": _route(
            "What is on the wall",
            {"200": answer("The verses.", ref("Wall"))},
            security=[{}, _SESSION],
        )
    },
}

_NO_LEASE = errors(s404="There is no such lease, or it has ended.")
_SWITCH: Json = {
    "/api/state": {
        "get": _route(
            "What the model is doing",
            {"200": answer("The state.", ref("State"))},
            security=[{}, _SESSION],
        )
    },
    "/api/leases": {
        "get": _guarded(
            "read",
            "The leases that ask for the model now",
            {"200": answer("The longest last.", told(leases=list_of(ref("Lease"))))},
            changes=False,
        ),
        "post": _guarded(
            "leases",
            "Start the model, or keep it on",
            {"201": answer("The lease.", ref("Lease"))} | _NO_JSON,
            requestBody=body("LeaseRequest", {"minutes": 30, "why": "a talk"}),
        ),
    },
    "/api/leases/{lease_id}": {
        "parameters": [in_path("lease_id")],
        "patch": _guarded(
            "leases",
            "Extend a lease by some minutes, or say whether it ends when nobody uses the model",
            {"200": answer("As it is now.", ref("Lease"))} | _NO_JSON | _NO_LEASE,
            requestBody=body("LeaseChange", {"minutes": 15}),
        ),
        "delete": _guarded("leases", "End a lease", _EMPTY | _NO_LEASE),
    },
    "/api/starts": {
        "get": _guarded(
            "read",
            "The last starts",
            {"200": answer("The newest first.", told(starts=list_of(ref("Start"))))},
            changes=False,
        )
    },
    "/api/endpoints": {
        "get": _guarded(
            "read",
            "Every endpoint of the region, whoever started it",
            {"200": answer("As read some seconds ago at most.", ref("Region"))},
            changes=False,
        )
    },
}

_NO_DEMO = errors(s404="There is no such demo, or it is cancelled.")
_CHANGED = errors(s409="Somebody else has changed it meanwhile.")
_WISH: Json = {
    "title": "Rap night",
    "date": "2199-06-01",
    "time": "19:30",
    "zone": "Europe/Berlin",
    "minutes": 45,
}
_DEMOS: Json = {
    "/api/demos": {
        "get": _route(
            "The demos that are coming",
            {"200": answer("The next first.", told(demos=list_of(ref("DemoDay"))))},
        ),
        "post": _guarded(
            "demos",
            "Plan a demo",
            {"201": answer("The demo.", ref("Demo"))} | _NO_JSON,
            requestBody=body("DemoRequest", _WISH),
        ),
    },
    "/api/demos/{demo_id}": {
        "parameters": [in_path("demo_id")],
        "get": _guarded(
            "demos",
            "A demo as hosts see it",
            {"200": answer("The demo.", ref("Demo"))} | _NO_DEMO,
            changes=False,
        ),
        "patch": _guarded(
            "demos",
            "Plan a demo differently: the whole wish anew",
            {"200": answer("As it is now.", ref("Demo"))} | _NO_JSON | _NO_DEMO | _CHANGED,
            requestBody=body("DemoChange", _WISH | {"revision": 1}),
        ),
        "delete": _guarded(
            "demos",
            "Cancel a demo, or one day of it",
            _EMPTY | _NO_DEMO | _CHANGED,
            parameters=[in_query("day", {"type": "string", "format": "date"}, "That day alone.")],
        ),
    },
}

_DOCUMENT: Json = {
    "/api/openapi.json": {
        "get": {
            "summary": "This document",
            "responses": {"200": answer("OpenAPI 3.1.", {"type": "object"})},
        }
    }
}

ROUTES: Json = _VERSES | _SWITCH | _DEMOS | _DOCUMENT
