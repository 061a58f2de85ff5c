"""What visitors pass before the model writes for them: a demo's PIN, and a limit of verses."""

import contextlib
import hmac
import secrets
from collections.abc import Iterator

from botocore.exceptions import BotoCoreError, ClientError
from flask import session

from webapp import current
from webapp.errors import UNREACHABLE
from webapp.signin import is_host

# wrong ones, in fifteen minutes: of a browser; of an address, because a hall of 200 phones has one;
# of a demo, from wherever they come: one such flood in a hundred finds six digits
PIN_TRIES, PIN_TRIES_OF_AN_ADDRESS, PIN_TRIES_OF_A_DEMO = 10, 3000, 10_000
_SHOWN = "Give the PIN that the host shows beside the QR code."
_TOO_MANY = "You have asked for many verses."
_TOO_MANY_HERE = "Very many verses have been asked for from your network."
_TOO_MANY_TRIES = "Too many PINs were wrong."
_TOO_MANY_TRIES_HERE = "Very many wrong PINs came from your network."
_TOO_MANY_TRIES_OF_ALL = "Very many wrong PINs were given for this demo."


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

    A try is counted before it is looked at, and a right one is given back: a lecture hall, which
    has one address, is not locked out by its own number. The counts of addresses and of demos are
    so wide that nobody reaches them by typing; another PIN begins all of them anew.
    """
    if not pin_needed():
        return
    wanted, throttle = current.parts().pins.wanted(), current.parts().throttle
    of_demo = f"pin-of {_digest(wanted)}"
    own, of_address = f"{of_demo} by {current.mark()}", f"{of_demo} at {current.network()}"
    _take(own, PIN_TRIES, _TOO_MANY_TRIES)
    _take(of_address, PIN_TRIES_OF_AN_ADDRESS, _TOO_MANY_TRIES_HERE)
    _take(of_demo, PIN_TRIES_OF_A_DEMO, _TOO_MANY_TRIES_OF_ALL)
    if not _is_one(given, wanted):
        raise HeldBack(403, "wrong_pin", "This is not the PIN of this demo.", _SHOWN)
    throttle.clear(own)
    throttle.give_back(of_address)
    throttle.give_back(of_demo)
    session["pin"] = given


def _digest(pins: frozenset[str]) -> str:
    """So that the table of counts tells no PIN."""
    key = current.settings().secret_key.encode()
    return hmac.new(key, " ".join(sorted(pins)).encode(), "sha256").hexdigest()[:24]


def _is_one(given: object, wanted: frozenset[str]) -> bool:
    """It takes the same time for a PIN that is nearly right."""
    text = str(given).encode(errors="replace")
    return any([secrets.compare_digest(text, pin.encode()) for pin in wanted])


def _take(key: str, most: int, message: str) -> None:
    if seconds := current.parts().throttle.take(key, most):
        minutes = -(-seconds // 60)
        wait = f"Try again in {minutes} minute{'' if minutes == 1 else 's'}."
        raise HeldBack(429, "too_many", message, wait, seconds)
