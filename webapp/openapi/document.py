"""The API's document, put together for the limits of this installation, at /api/openapi.json."""

from flask import Blueprint, jsonify
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.openapi.answers import ANSWERS
from webapp.openapi.events import event_schemas
from webapp.openapi.pieces import Json
from webapp.openapi.routes import ROUTES
from webapp.openapi.wishes import wishes
from webapp.settings import Limits

routes = Blueprint("openapi", __name__, url_prefix="/api")
_SAID = (
    "A rap lyric generator whose bars rhyme. Every error is `{code, message, remedy, fields}`; a "
    "method that a route does not have is answered 405 with `Allow`."
)


@routes.get("/openapi.json")
def told() -> ResponseReturnValue:
    return jsonify(document(current.settings().limits))


def document(limits: Limits) -> Json:
    """OpenAPI 3.1 of every route under /api."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Deep Hop", "version": "1", "description": _SAID},
        "paths": ROUTES,
        "components": {
            "schemas": ANSWERS | event_schemas() | wishes(limits),
            "securitySchemes": _SCHEMES,
        },
    }


_SCHEMES: Json = {
    "token": {
        "type": "http",
        "scheme": "bearer",
        "description": "Made by `python -m scripts.add_token NAME --scope SCOPE`.",
    },
    "session": {
        "type": "apiKey",
        "in": "cookie",
        "name": "deep_hop",
        "description": "The session of a browser, or of a host who has signed in.",
    },
    "csrf": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRFToken",
        "description": "The session's token, out of the field `csrf_token` of any form.",
    },
}
