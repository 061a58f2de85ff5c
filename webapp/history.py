"""The history: what every start took and cost, and who did what; as pages and as CSV."""

import csv
import io
from collections.abc import Iterable, Sequence

from flask import Blueprint, Response, render_template
from flask.typing import ResponseReturnValue

from webapp import current
from webapp.settings import Price
from webapp.signin import host_only
from webapp.starts import StartRecord

pages = Blueprint("history", __name__, url_prefix="/host/history")
MOST_SHOWN = 50
MOST_IN_FILE = 10_000
_STARTS = (
    "asked", "ready", "ended", "seconds_to_ready", "minutes", "cost", "currency", "requests", "who",
    "why", "failure",
)  # fmt: skip


@pages.get("")
@host_only
def shown() -> ResponseReturnValue:
    parts = current.parts()
    return render_template(
        "history.html",
        starts=parts.switch.history(MOST_SHOWN),
        entries=parts.audit.newest(MOST_SHOWN),
        price=current.settings().price,
    )


@pages.get("/starts.csv")
@host_only
def starts() -> ResponseReturnValue:
    price = current.settings().price
    records = current.parts().switch.history(MOST_IN_FILE)
    return _csv("starts", _STARTS, (_row(record, price) for record in records))


@pages.get("/audit.csv")
@host_only
def audit() -> ResponseReturnValue:
    entries = current.parts().audit.newest(MOST_IN_FILE)
    rows = ([e.when.isoformat(timespec="seconds"), e.who, e.what, e.which] for e in entries)
    return _csv("audit", ("when", "who", "what", "which"), rows)


def _row(record: StartRecord, price: Price) -> list[object]:
    told, ended = record.to_json(), record.ended
    minutes = (
        (ended - record.asked).total_seconds() / 60
        if ended and record.config and not record.failure
        else 0.0
    )
    ready = (record.ready - record.asked).total_seconds() if record.ready else ""
    return [
        told["asked"], told["ready"], told["ended"], ready, round(minutes, 1),
        round(minutes / 60 * price.per_hour, 4), price.currency, record.requests, record.who,
        record.why, record.failure,
    ]  # fmt: skip


def _csv(name: str, head: Sequence[str], rows: Iterable[Sequence[object]]) -> Response:
    """A table for a spreadsheet; a text that it would take for a formula is marked as text."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(head)
    writer.writerows([_plain(cell) for cell in row] for row in rows)
    attachment = {"Content-Disposition": f'attachment; filename="{name}.csv"'}
    return Response(text.getvalue(), content_type="text/csv; charset=utf-8", headers=attachment)


def _plain(cell: object) -> object:
    return f"'{cell}" if isinstance(cell, str) and cell[:1] in "=+-@\t\r" and cell else cell
