"""The page of a verse: to read, copy, download as text or picture, judge, and delete."""

from typing import Any

from flask import Blueprint, Response, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.card import to_svg
from webapp.card_png import to_png
from webapp.errors import problem_answer
from webapp.feedback import LONGEST, FeedbackRefused, read_feedback
from webapp.inner_rhymes import InnerRhymes, inner_rhymes
from webapp.signin import is_host, who
from webapp.verse_store import StoredVerse

pages = Blueprint("verse_pages", __name__)
MOST_REPORTS = 10  # of a browser, in fifteen minutes
NOT_YOURS = (
    "Only the browser that had this verse written may delete it.",
    "Open it there, or ask a host.",
)


@pages.get("/verses/<verse_id>")
def verse(verse_id: str) -> ResponseReturnValue:
    """With ?inner=yes the words that rhyme inside the bars are marked."""
    return _page(found_verse(verse_id))


@pages.get("/verses/<verse_id>.txt")
def text(verse_id: str) -> ResponseReturnValue:
    words = found_verse(verse_id).text + "\n"
    return Response(words, content_type="text/plain; charset=utf-8", headers=_file("verse.txt"))


@pages.get("/verses/<verse_id>.svg")
def picture(verse_id: str) -> ResponseReturnValue:
    drawn = to_svg(found_verse(verse_id))
    return Response(drawn, content_type="image/svg+xml", headers=_file("verse.svg"))


@pages.get("/verses/<verse_id>.png")
def card(verse_id: str) -> ResponseReturnValue:
    """Also what those show to whom the verse's address is sent."""
    drawn = to_png(to_svg(found_verse(verse_id)))
    shown = {"Content-Disposition": 'inline; filename="verse.png"'}
    return Response(drawn, content_type="image/png", headers=shown)


@pages.post("/verses/<verse_id>/feedback")
def feedback(verse_id: str) -> ResponseReturnValue:
    found = found_verse(verse_id)
    try:
        keep_feedback(found, request.form.get("thumb"), request.form.get("text", ""))
    except FeedbackRefused as error:
        return _page(found, error.problems[0].message), 400
    flash("Thank you. Your word is kept with the verse.")
    return redirect(url_for("verse_pages.verse", verse_id=verse_id), 303)


@pages.post("/verses/<verse_id>/report")
def report(verse_id: str) -> ResponseReturnValue:
    """Somebody minds it: it leaves the wall until a host has looked."""
    found, parts = found_verse(verse_id), current.parts()
    if not parts.throttle.take(f"report {current.mark()}", MOST_REPORTS):
        parts.wall.report(found.id)
        parts.shared.mind(found.id)
        parts.audit.add("a visitor", "reported a verse", found.id)
    flash("Thank you. The hosts are told.")
    return redirect(url_for("verse_pages.verse", verse_id=verse_id), 303)


@pages.post("/verses/<verse_id>/delete")
def remove(verse_id: str) -> ResponseReturnValue:
    if not may_delete(found_verse(verse_id)):
        return problem_answer(403, "not_yours", *NOT_YOURS)
    delete(verse_id)
    flash("The verse is deleted.")
    return redirect(url_for("visitors.first_page"), 303)


@pages.get("/privacy")
def privacy() -> ResponseReturnValue:
    """What is stored, and for how long."""
    return render_template("privacy.html")


def found_verse(verse_id: str) -> StoredVerse:
    """The verse, or 404."""
    found = current.parts().verses.load(verse_id)
    if found is None:
        abort(404)
    return found


def may_delete(verse: StoredVerse) -> bool:
    return is_host() or bool(verse.owner) and verse.owner == current.mark()


def delete(verse_id: str) -> None:
    """Delete a verse and what else has its words."""
    current.parts().unfinished.drop(verse_id)  # it may have stayed there
    current.parts().verses.delete(verse_id)
    current.parts().wall.forget(verse_id)
    current.parts().shared.withdraw(verse_id)
    current.parts().feedback.forget(verse_id)
    if is_host():
        current.parts().audit.add(who(), "deleted a verse", verse_id)


def keep_feedback(verse: StoredVerse, thumb: Any, text: Any) -> None:
    """Keep what a browser thinks of a verse, or raise FeedbackRefused."""
    current.parts().feedback.keep(read_feedback(verse, thumb, text), current.mark())


def _page(verse: StoredVerse, said: str = "") -> str:
    return render_template(
        "verse.html",
        verse=verse,
        said=said,
        longest=LONGEST,
        may_delete=may_delete(verse),
        inner=_inner(verse) if request.args.get("inner") == "yes" else None,
    )


def _inner(verse: StoredVerse) -> InnerRhymes:
    return inner_rhymes([bar["text"] for bar in verse.bars], [bar["letter"] for bar in verse.bars])


def _file(name: str) -> dict[str, str]:
    return {"Content-Disposition": f'attachment; filename="{name}"'}
