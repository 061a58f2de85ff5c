"""Waiting for the endpoint in a terminal: one line that says what happens and how long it took."""

import sys
import time

from webapp.state import EndpointState, State
from webapp.switch import Switch

PHASES = {
    "requested": "asking for a machine",
    "machine": "getting the machine and the model's files",
    "loading": "loading the model",
    "ending": "switching off",
}


class WaitedTooLong(Exception):
    """The state was not reached in time."""


def wait_for_state(switch: Switch, wanted: set[State], timeout: float) -> EndpointState:
    """Look every second until one of the states is reached, or raise WaitedTooLong."""
    deadline = time.monotonic() + timeout
    while True:
        told = switch.state()
        _show(told)
        if told.state in wanted:
            return told
        if time.monotonic() > deadline:
            raise WaitedTooLong(f"The model is still {told.state} after {timeout:.0f} s.")
        time.sleep(1)


def _show(told: EndpointState) -> None:
    if not sys.stderr.isatty():
        return
    doing = PHASES.get(told.phase or "", "")
    usual = f" of usually {told.usual_seconds}" if told.usual_seconds else ""
    words = f"{told.state}{': ' + doing if doing else ''} ({told.seconds}{usual} s)"
    end = "\n" if told.state in {State.READY, State.OFF, State.FAILED} else ""
    print(f"\r\x1b[K{words}", end=end, file=sys.stderr, flush=True)
