"""What the endpoint is doing and what it costs: python -m scripts.status [--json]"""

import argparse
import json

from scripts.target import Target, add_target_arguments, run_on_target
from scripts.waiting import PHASES
from webapp.wiring import build


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Show the model's state, leases and cost.")
    add_target_arguments(parser)
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    run_on_target(status, parser.parse_args(argv))


def status(target: Target, arguments: argparse.Namespace) -> None:
    switch = build(target.settings, target.aws).switch
    told, leases = switch.state(), switch.live_leases()
    if arguments.json:
        print(json.dumps(told.to_json() | {"leases": [x.to_json() for x in leases]}, indent=2))
        return
    doing = f", {PHASES[told.phase]}" if told.phase else ""
    print(f"The model is {told.state}{doing}, since {told.seconds} s.")
    if told.reason:
        print(f"{told.reason} {told.remedy}")
    for lease in leases:
        print(f"Leased by {lease.who} until {lease.until:%Y-%m-%d %H:%M} UTC. {lease.why}".strip())
    cost = told.cost
    print(
        f"Cost so far {cost.so_far:.2f} {cost.currency}, {cost.projected:.2f} at the end "
        f"({cost.per_hour} an hour on {cost.priced_on}; {cost.note})"
    )


if __name__ == "__main__":
    main()
