"""The visitors' pages: ask for a verse, watch it appear, keep its address."""

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from flask import Blueprint, redirect, render_template, request
from flask.typing import ResponseReturnValue

from bars.scheme import letters
from bars.verse import Problem, RequestRefused, VerseRequest
from webapp import current, door
from webapp.door import HeldBack
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
COUNTS = range(4, 21)  # syllables
RHYMES = {"perfect": "perfect", "slant": "near", "multi": "two syllables and more"}
LANGUAGES = {"any": "as it comes", "mask": "strong words masked", "clean": "clean"}
_CHOSEN = ("bars", "scheme", "rhyme", "language")  # the form has one of them marked
_USUAL = {
    "opening": "",
    "topic": "",
    "bars": "4",
    "scheme": "AABB",
    "syllables": "",
    "rhyme": "perfect",
    "language": "any",
    "internal": "",
    "temperature": "",
    "top_p": "",
    "seed": "",
    "sounds": "",
    "wall": "",
}


@pages.get("/")
def first_page() -> ResponseReturnValue:
    return _page(_USUAL)


@pages.get("/state")
def state_panel() -> ResponseReturnValue:
    """The panel that says what the model is doing, as the page's script fetches it."""
    return render_template("_state.html", told=_state())


@pages.post("/verses")
def write() -> ResponseReturnValue:
    """Without JavaScript: the whole verse is read here, then its page is shown."""
    given = {name: request.form.get(name, usual).strip() for name, usual in _USUAL.items()}
    try:
        wish = VerseRequest.from_json(_wish(given))
        if pin := request.form.get("pin", "").strip():
            door.give_pin(pin)
        door.pass_through()
        wall = given["wall"]
        events = open_verse(
            current.parts(), wish, current.visitor(), current.mark(), wall=bool(wall)
        )
        told = list(events)
    except RequestRefused as error:
        return _page(given, fields=_by_field(error.problems)), 400
    except HeldBack as held:
        return _held_back(given, held)
    except LyricistBusy as busy:
        said = f"{busy} Try again in {busy.seconds} s."
        return _page(given, said=said), 429, {"Retry-After": str(busy.seconds)}
    except ModelOff as off:
        return _page(given, said=f"{off} {off.remedy}"), 503
    last = told[-1]
    if last["event"] != "saved":
        bars = [event for event in told if event["event"] == "bar"]
        return _page(
            given, said=f"{last['message']} {last['remedy']}", bars=bars, own=len(wish.opening)
        ), 503
    return redirect(last["url"], 303)


def _held_back(given: dict[str, str], held: HeldBack) -> ResponseReturnValue:
    told = f"{held} {held.remedy}"
    if held.of_pin:
        return _page(given, fields={"pin": told}), held.status
    headers = {"Retry-After": str(held.seconds)} if held.seconds else {}
    return _page(given, said=told), held.status, headers


def _page(given: dict[str, str], **shown: Any) -> str:
    """The form as it was filled in; `fields` and `said` tell of errors, `bars` is what there is.

    `own` of them are the visitor's.
    """
    return render_template(
        "visitor.html",
        told=_state(),
        pin_needed=_pin_needed(),
        given=given,
        fields=shown.get("fields", {}),
        said=shown.get("said", ""),
        bars=shown.get("bars", []),
        own=shown.get("own", 0),
        lengths=LENGTHS,
        schemes=SCHEMES,
        counts=COUNTS,
        rhymes=RHYMES,
        languages=LANGUAGES,
        plans={scheme: _plan(scheme) for scheme in SCHEMES},
    )


def _plan(scheme: str) -> str:
    """A letter for each bar of the longest verse; a shorter one has the first of them."""
    return "".join(letter or "·" for letter in letters(scheme, max(LENGTHS)))


def _by_field(problems: tuple[Problem, ...]) -> dict[str, str]:
    """What is wrong with each field, said once."""
    said: dict[str, list[str]] = {}
    for problem in problems:
        sentence = problem.message[:1].upper() + problem.message[1:]
        if sentence not in said.setdefault(problem.field, []):
            said[problem.field].append(sentence)
    return {field: " ".join(sentences) for field, sentences in said.items()}


def _state() -> EndpointState | None:
    """The model's state; None if it cannot be found out now."""
    try:
        return current.parts().switch.state()
    except (BotoCoreError, ClientError):
        return None


def _pin_needed() -> bool:
    """Whether the page asks for a PIN; whoever needs one and cannot be asked now is told later."""
    try:
        return door.pin_needed()
    except (BotoCoreError, ClientError):
        return False


def _wish(given: dict[str, str]) -> dict[str, Any]:
    """The form as a VerseRequest's JSON; what may be left empty is left out."""
    wish: dict[str, Any] = {n: text for n, text in given.items() if text or n in _CHOSEN}
    wish.pop("wall", None)
    for name in ("bars", "syllables", "temperature", "top_p", "seed"):
        if name in wish:
            wish[name] = _number(wish[name])
    if "internal" in wish:
        wish["internal"] = True
    if "sounds" in wish:
        wish["sounds"] = _sounds(given["sounds"])
    return wish


def _sounds(text: str) -> dict[str, str]:
    """Lines such as `lluvia = you via`; one without a sign is refused as a word without a sound."""
    lines = (line.partition("=") for line in text.splitlines() if line.strip())
    return {word.strip(): said.strip() for word, _, said in lines}


def _number(text: str) -> int | float | str:
    """A number that was typed; what is none stays text, and is refused by its field's name."""
    try:
        return int(text) if text.isdecimal() and len(text) < 12 else float(text)
    except ValueError:
        return text
