"""What visitors pass before the model writes for them: a demo's PIN, and a limit of verses."""

import contextlib
import secrets
from collections.abc import Iterator

from botocore.exceptions import BotoCoreError, ClientError
from flask import session

from webapp import current
from webapp.errors import UNREACHABLE
from webapp.signin import is_host

PIN_TRIES, PIN_TRIES_OF_AN_ADDRESS = 10, 300  # wrong ones, in fifteen minutes
_SHOWN = "Give the PIN that the host shows beside the QR code."
_TOO_MANY = "You have asked for many verses."
_TOO_MANY_HERE = "Very many verses have been asked for from your network."
_TOO_MANY_TRIES = "Too many PINs were wrong."


class HeldBack(Exception):
    """A visitor may not write now: why, what to do, and in how many seconds that can help."""

    def __init__(self, status: int, code: str, message: str, remedy: str, seconds: int = 0) -> None:
        super().__init__(message)
        self.status = status
        self.code = code
        self.remedy = remedy
        self.seconds = seconds

    @property
    def of_pin(self) -> bool:
        return self.code in {"pin_needed", "wrong_pin"}


@contextlib.contextmanager
def _reached() -> Iterator[None]:
    """Where the tables cannot be reached, visitors are told as if the model could not."""
    try:
        yield
    except (BotoCoreError, ClientError) as error:
        raise HeldBack(503, *UNREACHABLE) from error


@_reached()
def pass_through() -> None:
    """Let a visitor on to the model, or raise HeldBack. Hosts are never held back."""
    if is_host():
        return
    if pin_needed():
        raise HeldBack(403, "pin_needed", "This demo has a PIN.", _SHOWN)
    settings = current.settings()
    limits = (
        (f"verse {current.mark()}", settings.most_verses, _TOO_MANY),
        (f"verse {current.network()}", settings.most_verses_of_an_address, _TOO_MANY_HERE),
    )
    for key, most, message in limits:  # who is held back for the first counts not for the second
        if most:
            _take(key, most, message)


def pin_needed() -> bool:
    """Whether this browser has to give a PIN before it may write."""
    wanted = current.parts().pins.wanted()
    return bool(wanted) and not is_host() and not _is_one(session.get("pin", ""), wanted)


@_reached()
def give_pin(given: str) -> None:
    """Keep the PIN in the browser's session, or raise HeldBack; where none is needed, do nothing.

    A try is counted before it is looked at. A right one is given back to its address, so that a
    lecture hall, which has one, is not locked out by its own number.
    """
    if not pin_needed():
        return
    own, shared = f"pin {current.mark()}", f"pin {current.network()}"
    _take(own, PIN_TRIES, _TOO_MANY_TRIES)
    _take(shared, PIN_TRIES_OF_AN_ADDRESS, _TOO_MANY_TRIES)
    if not _is_one(given, current.parts().pins.wanted()):
        raise HeldBack(403, "wrong_pin", "This is not the PIN of this demo.", _SHOWN)
    current.parts().throttle.clear(own)
    current.parts().throttle.give_back(shared)
    session["pin"] = given


def _is_one(given: object, wanted: frozenset[str]) -> bool:
    """It takes the same time for a PIN that is nearly right."""
    text = str(given).encode(errors="replace")
    return any([secrets.compare_digest(text, pin.encode()) for pin in wanted])


def _take(key: str, most: int, message: str) -> None:
    if seconds := current.parts().throttle.take(key, most):
        minutes = -(-seconds // 60)
        wait = f"Try again in {minutes} minute{'' if minutes == 1 else 's'}."
        raise HeldBack(429, "too_many", message, wait, seconds)
