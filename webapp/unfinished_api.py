"""What a reload asks for: the verse that was being written, and to have it no further written."""

from flask import Blueprint, abort, jsonify
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.unfinished import Unfinished

routes = Blueprint("unfinished_api", __name__, url_prefix="/api/verses/unfinished")


@routes.get("/<verse_id>")
def unfinished(verse_id: str) -> ResponseReturnValue:
    """What stands of a verse, for the browser that asked for it; once it is finished, its `url`."""
    parts, mark = current.parts(), current.mark()
    if found := parts.unfinished.find(verse_id, mark):
        return jsonify(parts.unfinished.told(found))
    verse = parts.verses.load(verse_id)
    if verse is None or verse.owner != mark:
        abort(404)
    url = f"/verses/{verse.id}"
    return jsonify({"id": verse.id, "request": verse.request, "bars": verse.bars, "url": url})


@routes.delete("/<verse_id>")
def call_off(verse_id: str) -> ResponseReturnValue:
    """It ends with the next bar or within some four seconds; its place in the queue is free."""
    found_unfinished(verse_id)
    current.parts().unfinished.drop(verse_id)
    return "", 204


def found_unfinished(verse_id: str) -> Unfinished:
    """The verse, or 404 for whoever did not ask for it."""
    found = current.parts().unfinished.find(verse_id, current.mark())
    return found or abort(404)
