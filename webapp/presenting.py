"""Presenter mode: one page for the projector, and what hosts do with what is on it."""

import io
from typing import Any

import segno
from flask import Blueprint, Response, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.signin import host_only, is_host, who
from webapp.wall import Showing, is_fit

pages = Blueprint("presenting", __name__)
_DEEDS = {"show": Showing.SHOWN, "hide": Showing.HIDDEN}


@pages.get("/wall")
def wall() -> ResponseReturnValue:
    return render_template("wall.html", address=_address(), approve_first=_approve_first())


@pages.get("/api/wall")
def told() -> ResponseReturnValue:
    """What is on the wall, and what the model does; hosts are told besides which PINs let in and
    which verses wait for their word."""
    shown, state = current.parts().wall, current.parts().switch.state()
    demo = state.next_demo.to_json() if state.next_demo else None
    verses = [each.to_json() for each in shown.seen()]
    answer: dict[str, Any] = {"verses": verses, "state": state.state, "next_demo": demo}
    if is_host():
        answer["pins"] = sorted(current.parts().pins.wanted())
        answer["waiting"] = [each.to_json() for each in shown.waiting()]
    return jsonify(answer)


@pages.get("/wall/code.svg")
def code() -> ResponseReturnValue:
    """The site's address as a QR code."""
    drawn = io.BytesIO()
    segno.make(_address(), error="m").save(drawn, kind="svg", border=2, light="#ffffff")
    return Response(drawn.getvalue(), content_type="image/svg+xml")


@pages.post("/wall/<wall_id>/<deed>")
@host_only
def change(wall_id: str, deed: str) -> ResponseReturnValue:
    """Show, hide, pin or unpin a verse."""
    parts = current.parts()
    if deed in _DEEDS:
        parts.wall.show(wall_id, _DEEDS[deed])
        _share(wall_id, deed == "show")
    elif deed in {"pin", "unpin"}:
        parts.wall.pin(wall_id, deed == "pin")
    else:
        return redirect(url_for("presenting.wall"), 303)
    parts.audit.add(who(), f"wall: {deed}", wall_id)
    return redirect(url_for("presenting.wall"), 303)


@pages.post("/wall/approve-first")
@host_only
def approve_first() -> ResponseReturnValue:
    wanted = request.form.get("wanted") == "yes"
    current.parts().wall.set_approve_first(wanted)
    current.parts().audit.add(who(), f"wall: approve first {'on' if wanted else 'off'}")
    return redirect(url_for("presenting.wall"), 303)


def _share(wall_id: str, approved: bool) -> None:
    """What a host lets be seen, or not, on the wall, is so on the first page as well."""
    parts = current.parts()
    on_wall = parts.wall.find(wall_id)
    verse = parts.verses.load(on_wall.verse) if on_wall and on_wall.verse else None
    if verse is None:
        return
    if approved and is_fit(verse.request["topic"]):
        parts.shared.share(verse.id, approved=True)
    else:
        parts.shared.withdraw(verse.id)


def _approve_first() -> bool:
    return is_host() and current.parts().wall.approve_first


def _address() -> str:
    return url_for("visitors.first_page", _external=True)
