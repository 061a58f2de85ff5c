"""End every live lease, so that the endpoint goes: python -m scripts.stop_endpoint --wait"""

import argparse
import getpass
import json

from scripts.target import Target, add_target_arguments, run_on_target
from scripts.waiting import wait_for_state
from webapp.leases import LeaseNotFound
from webapp.state import State
from webapp.wiring import build


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Switch the model off.")
    add_target_arguments(parser)
    parser.add_argument("--wait", action="store_true", help="return when it is off")
    parser.add_argument("--timeout", type=int, default=1800, help="longest wait in seconds (1800)")
    parser.add_argument("--dry-run", action="store_true", help="say what would be done")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    run_on_target(stop, parser.parse_args(argv))


def stop(target: Target, arguments: argparse.Namespace) -> None:
    switch = build(target.settings, target.aws).switch
    leases = switch.live_leases()
    if not arguments.dry_run:
        for lease in leases:
            try:
                switch.stop(lease.id, getpass.getuser())
            except LeaseNotFound:
                continue  # it ended by itself meanwhile
        switch.reconcile()
        if arguments.wait:
            wait_for_state(switch, {State.OFF, State.FAILED}, arguments.timeout)
    told = switch.state()
    if arguments.json:
        ended = [lease.to_json() for lease in leases]
        print(json.dumps({"leases": ended, "state": told.to_json()}, indent=2))
    else:
        verb = "Would end" if arguments.dry_run else "Ended"
        print(f"{verb} {len(leases)} lease{'' if len(leases) == 1 else 's'}. Model: {told.state}.")


if __name__ == "__main__":
    main()
