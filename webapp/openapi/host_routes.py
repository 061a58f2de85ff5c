"""The routes of the switch and of demos: what hosts do, and machines with a token."""

from webapp.openapi.operations import EMPTY, NO_JSON, SESSION, guarded, route
from webapp.openapi.pieces import Json, answer, body, errors, in_path, in_query, list_of, ref, told

_NO_LEASE = errors(s404="There is no such lease, or it has ended.")
SWITCH: Json = {
    "/api/state": {
        "get": route(
            "What the model is doing",
            {"200": answer("The state.", ref("State"))},
            security=[{}, SESSION],
        )
    },
    "/api/leases": {
        "get": guarded(
            "read",
            "The leases that ask for the model now",
            {"200": answer("The longest last.", told(leases=list_of(ref("Lease"))))},
            changes=False,
        ),
        "post": guarded(
            "leases",
            "Start the model, or keep it on",
            {"201": answer("The lease.", ref("Lease"))} | NO_JSON,
            requestBody=body("LeaseRequest", {"minutes": 30, "why": "a talk"}),
        ),
    },
    "/api/leases/{lease_id}": {
        "parameters": [in_path("lease_id")],
        "patch": guarded(
            "leases",
            "Extend a lease by some minutes, or say whether it ends when nobody uses the model",
            {"200": answer("As it is now.", ref("Lease"))} | NO_JSON | _NO_LEASE,
            requestBody=body("LeaseChange", {"minutes": 15}),
        ),
        "delete": guarded("leases", "End a lease", EMPTY | _NO_LEASE),
    },
    "/api/starts": {
        "get": guarded(
            "read",
            "The last starts",
            {"200": answer("The newest first.", told(starts=list_of(ref("Start"))))},
            changes=False,
        )
    },
    "/api/endpoints": {
        "get": guarded(
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
DEMOS: Json = {
    "/api/demos": {
        "get": route(
            "The demos that are coming",
            {"200": answer("The next first.", told(demos=list_of(ref("DemoDay"))))},
        ),
        "post": guarded(
            "demos",
            "Plan a demo",
            {"201": answer("The demo.", ref("Demo"))} | NO_JSON,
            requestBody=body("DemoRequest", _WISH),
        ),
    },
    "/api/demos/{demo_id}": {
        "parameters": [in_path("demo_id")],
        "get": guarded(
            "demos",
            "A demo as hosts see it",
            {"200": answer("The demo.", ref("Demo"))} | _NO_DEMO,
            changes=False,
        ),
        "patch": guarded(
            "demos",
            "Plan a demo differently: the whole wish anew",
            {"200": answer("As it is now.", ref("Demo"))} | NO_JSON | _NO_DEMO | _CHANGED,
            requestBody=body("DemoChange", _WISH | {"revision": 1}),
        ),
        "delete": guarded(
            "demos",
            "Cancel a demo, or one day of it",
            EMPTY | _NO_DEMO | _CHANGED,
            parameters=[in_query("day", {"type": "string", "format": "date"}, "That day alone.")],
        ),
    },
}
