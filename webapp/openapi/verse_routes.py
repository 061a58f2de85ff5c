"""The routes for verses, their sound and the wall, which are open to visitors."""

from webapp.openapi.events import stream
from webapp.openapi.operations import CSRF, EMPTY, FORM, NO_JSON, SESSION, route
from webapp.openapi.pieces import TEXT, Json, answer, body, errors, in_path, in_query, ref

_NO_VERSE = errors(s404="There is no such verse.")
VERSES: Json = {
    "/api/verses": {
        "post": route(
            "Have a verse written",
            {"200": stream()}
            | NO_JSON
            | errors(
                s403="The demo has a PIN, and this session has not given it.",
                s404="`rest_of` names no verse that this browser has begun.",
                s409="`rest_of` goes on elsewhere, or its masked words are not known.",
                s429="Many wait already, or this browser or address has asked for many.",
                s503="The model is not ready; `state` says why.",
            ),
            parameters=[
                in_query("wall", TEXT, "`yes`: it is shown on the wall."),
                in_query("rest_of", TEXT, "The id of a verse that broke off: its rest is written."),
            ],
            requestBody=body("VerseRequest", {"topic": "rain on the roof", "bars": 4}),
            security=[{}, SESSION],
        )
    },
    "/api/pin": {
        "post": route(
            "Give the PIN of the demo that is on",
            EMPTY | NO_JSON | errors(s403="It is another.", s429="Too many were tried."),
            requestBody=body("PinRequest", {"pin": "246810"}),
            security=[{}, SESSION],
        )
    },
    "/api/verses/composed": {
        "post": route(
            "Hear a verse of chosen and edited bars, and keep it",
            {
                "200": answer("As it is heard.", ref("Composed")),
                "201": answer("It is kept.", ref("Composed")),
            }
            | NO_JSON
            | errors(s429="This browser has kept many."),
            requestBody=body(
                "ComposedRequest",
                {"request": {"scheme": "AABB"}, "bars": ["The lights go low", "And still I flow"]},
            ),
        )
    },
    "/api/verses/unfinished/{verse_id}": {
        "parameters": [in_path("verse_id")],
        "get": route(
            "What is written of a verse that was begun",
            {"200": answer("The verse as far as it is.", ref("Unfinished"))} | _NO_VERSE,
            security=[SESSION],
        ),
        "delete": route(
            "Have no more of a verse written", EMPTY | _NO_VERSE | CSRF, security=[FORM]
        ),
    },
    "/api/verses/{verse_id}": {
        "parameters": [in_path("verse_id")],
        "get": route("A verse", {"200": answer("The verse.", ref("Verse"))} | _NO_VERSE),
        "delete": route(
            "Delete a verse",
            EMPTY | _NO_VERSE | CSRF | errors(s403="Only its writer's browser and hosts may."),
            security=[FORM],
        ),
    },
    "/api/verses/{verse_id}/feedback": {
        "parameters": [in_path("verse_id")],
        "post": route(
            "Say how a verse is",
            EMPTY | _NO_VERSE | NO_JSON,
            requestBody=body("FeedbackRequest", {"thumb": "up", "text": "That rhyme!"}),
            security=[FORM],
        ),
    },
    "/api/sound": {
        "post": route(
            "Hear bars",
            {"200": answer("What is heard.", ref("Sound"))} | NO_JSON,
            requestBody=body("SoundRequest", {"text": "The lights go low\nAnd still I flow"}),
        )
    },
    "/api/sound/inner": {
        "post": route(
            "Find rhymes inside bars",
            {"200": answer("The bars in pieces.", ref("Inner"))} | NO_JSON,
            requestBody=body("InnerRequest", {"bars": [{"text": "The night is bright"}]}),
        )
    },
    "/api/wall": {
        "get": route(
            "What is on the wall",
            {"200": answer("The verses.", ref("Wall"))},
            security=[{}, SESSION],
        )
    },
}
