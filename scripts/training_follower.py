"""Following a training job in a terminal until it ends; the job does not notice."""

import sys
import time
from collections.abc import Callable
from typing import Any, NoReturn

from botocore.exceptions import ClientError, HTTPClientError
from botocore.exceptions import ConnectionError as NoConnection

from scripts.target import Refused, Target
from scripts.training_log import StepNumbers, TrainingLog
from scripts.training_screen import Screen
from scripts.training_state import TrainingState, state_of

LONGEST_SILENCE = 900  # seconds without an answer, after which it is no use to ask on
PAUSE = {"local": 0.5, "aws": 5.0}  # seconds between two looks
_PASSING = frozenset({"Throttling", "ThrottlingException", "TooManyRequestsException"})


class LostSight(Refused):
    """The job could no longer be seen; how it goes with it is unknown."""


def follow(target: Target, name: str) -> TrainingState:
    """Show a job until it ends, and return its last state; Ctrl-C ends only the showing."""
    log = TrainingLog(target.aws.logs, name)

    def look() -> tuple[TrainingState, list[str]]:
        return state_of(target, name), log.read()

    screen = Screen(sys.stderr)
    try:
        return Follower(look, screen, PAUSE[target.name]).follow()
    except LostSight as error:
        raise LostSight(f"{error} {_how_to_go_on(target, name)}") from error
    except KeyboardInterrupt:
        screen.close()
        _leave(target, name)
    finally:
        screen.close()


def _leave(target: Target, name: str) -> NoReturn:
    print(f"\nNo longer following. {_how_to_go_on(target, name)}", file=sys.stderr)
    sys.exit(130)


def _how_to_go_on(target: Target, name: str) -> str:
    return (
        f"The job goes on. `{target.command('training_status', name, '--follow')}` follows it "
        f"again, `{target.command('stop_training', name)}` stops it."
    )


class Follower:
    """Looks again and again until the job has ended, also over a network that fails at times."""

    def __init__(
        self,
        look: Callable[[], tuple[TrainingState, list[str]]],
        screen: Screen,
        pause: float,
        clock: Any = time,
    ) -> None:
        self._look, self._screen = look, screen
        self._pause, self._clock = pause, clock
        self._told: StepNumbers | None = None
        self._silent_since: float | None = None

    def follow(self) -> TrainingState:
        while True:
            state = self._try()
            if state and state.ended:
                return state
            self._clock.sleep(self._pause)

    def _try(self) -> TrainingState | None:
        """One look; None if nobody answered."""
        try:
            state, lines = self._look()
        except (HTTPClientError, NoConnection) as error:
            self._be_patient(error)
            return None
        except ClientError as error:
            if not _is_passing(error):
                raise
            self._be_patient(error)
            return None
        self._silent_since = None
        if not state.ended:  # what came before the end is told before it
            self._screen.enter(state)
        for line in lines:
            if told := StepNumbers.read(line):
                self._told = told
            else:
                self._screen.say(line)
        if self._told:
            self._screen.advance(self._told, state.cost)
        self._screen.enter(state)
        return state

    def _be_patient(self, error: Exception) -> None:
        now = self._clock.monotonic()
        if self._silent_since is None:
            self._silent_since = now
            self._screen.say(f"No answer ({error}). Asking again.")
        elif now - self._silent_since > LONGEST_SILENCE:
            raise LostSight(
                f"There has been no answer for {LONGEST_SILENCE // 60} minutes ({error})."
            ) from error


def _is_passing(error: ClientError) -> bool:
    """Whether asking again can help."""
    status = error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0)
    return status >= 500 or error.response["Error"]["Code"] in _PASSING
