"""The visitors' pages: ask for a verse, watch it appear, keep its address."""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from flask import Blueprint, abort, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bars.verse import RequestRefused, VerseRequest
from webapp import current
from webapp.lyricist import LyricistBusy
from webapp.state import EndpointState
from webapp.verse_stream import ModelOff, open_verse

pages = Blueprint("visitors", __name__)
LENGTHS = (4, 8, 16)
SCHEMES = {
    "AABB": "couplets",
    "ABAB": "alternate",
    "AAAA": "one rhyme",
    "ABBA": "enclosed",
    "free": "no rhyme",
}
_EMPTY = {"opening": "", "topic": "", "bars": "4", "scheme": "AABB"}


@pages.get("/")
def first_page() -> ResponseReturnValue:
    return _page(_EMPTY)


@pages.get("/state")
def state_panel() -> ResponseReturnValue:
    """The panel that says what the model is doing, as the page's script fetches it."""
    return render_template("_state.html", told=_state())


@pages.post("/verses")
def write() -> ResponseReturnValue:
    """Without JavaScript: the whole verse is read here, then its page is shown."""
    given = {name: request.form.get(name, "") for name in _EMPTY}
    try:
        events = open_verse(current.parts(), VerseRequest.from_json(_wish(given)))
        told = list(events)
    except RequestRefused as error:
        fields = {problem.field: problem.message for problem in error.problems}
        return _page(given, fields=fields), 400
    except LyricistBusy as busy:
        said = f"{busy} Try again in {busy.seconds} s."
        return _page(given, said=said), 429, {"Retry-After": str(busy.seconds)}
    except ModelOff as off:
        return _page(given, said=f"{off} {off.remedy}"), 503
    if told[-1]["event"] != "saved":
        return _page(given, said=f"{told[-1]['message']} {told[-1]['remedy']}"), 503
    return redirect(told[-1]["url"], 303)


@pages.get("/verses/<verse_id>")
def verse(verse_id: str) -> ResponseReturnValue:
    found = current.parts().verses.load(verse_id)
    if found is None:
        abort(404)
    return render_template("verse.html", verse=found, again=url_for("visitors.first_page"))


def _page(given: dict[str, str], fields: dict[str, str] | None = None, said: str = "") -> str:
    return render_template(
        "visitor.html",
        told=_state(),
        given=given,
        fields=fields or {},
        said=said,
        lengths=LENGTHS,
        schemes=SCHEMES,
    )


def _state() -> EndpointState | None:
    """The model's state; None if it cannot be found out now."""
    try:
        return current.parts().switch.state()
    except (BotoCoreError, ClientError):
        return None


def _wish(given: dict[str, str]) -> dict[str, Any]:
    bars = given["bars"]
    return {**given, "bars": int(bars) if bars.isdecimal() else bars}
