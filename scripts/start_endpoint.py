"""Lease the endpoint for some minutes: python -m scripts.start_endpoint --minutes 30 --wait"""

import argparse
import getpass
import json
import sys

from scripts.target import Target, add_target_arguments, run_on_target
from scripts.waiting import wait_for_state
from webapp.state import State
from webapp.switch import LeaseRefused, Switch
from webapp.wiring import build


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Switch the model on, for a time.")
    add_target_arguments(parser)
    parser.add_argument("--minutes", type=int, required=True, help="how long it may run")
    parser.add_argument("--why", default="", help="a word on the purpose, for the history")
    parser.add_argument("--wait", action="store_true", help="return when it is ready")
    parser.add_argument("--timeout", type=int, default=1800, help="longest wait in seconds (1800)")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    run_on_target(start, parser.parse_args(argv))


def start(target: Target, arguments: argparse.Namespace) -> None:
    switch = build(target.settings, target.aws).switch
    if arguments.dry_run:
        _answer(
            arguments,
            {"minutes": arguments.minutes, "endpoint": target.settings.prefix, "dry_run": True},
            f"Would lease {target.settings.prefix} for {arguments.minutes} minutes.",
        )
        return
    try:
        lease = switch.start(arguments.minutes, getpass.getuser(), arguments.why)
    except LeaseRefused as error:
        sys.exit(f"No lease was given. {error}")
    if arguments.wait:
        _wait(switch, arguments)
    _answer(
        arguments,
        {"lease": lease.to_json(), "state": switch.state().to_json()},
        f"Leased until {lease.until:%H:%M} UTC. The model is {switch.state().state}.",
    )


def _wait(switch: Switch, arguments: argparse.Namespace) -> None:
    told = wait_for_state(switch, {State.READY, State.FAILED}, arguments.timeout)
    if told.state is not State.READY:
        sys.exit(f"The model is {told.state}. {told.reason or ''} {told.remedy or ''}".strip())


def _answer(arguments: argparse.Namespace, body: dict[str, object], sentence: str) -> None:
    print(json.dumps(body, indent=2) if arguments.json else sentence)


if __name__ == "__main__":
    main()
