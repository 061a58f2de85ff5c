"""All routes under /api."""

from webapp.openapi.host_routes import DEMOS, SWITCH
from webapp.openapi.pieces import Json, answer
from webapp.openapi.verse_routes import VERSES

_DOCUMENT: Json = {
    "/api/openapi.json": {
        "get": {
            "summary": "This document",
            "responses": {"200": answer("OpenAPI 3.1.", {"type": "object"})},
        }
    }
}

ROUTES: Json = VERSES | SWITCH | DEMOS | _DOCUMENT
