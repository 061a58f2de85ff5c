"""Let somebody be told by e-mail: python -m scripts.notify ADDRESS"""

import argparse
import re

from scripts.target import Refused, Target, add_target_arguments, run_on_target
from webapp.wiring import build

_ADDRESS = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description="Send an address e-mails when a demo is not ready in time, or when the "
        "endpoint runs without a lease. AWS asks the address to confirm. The local cloud writes "
        "notices.jsonl into its data folder instead."
    )
    add_target_arguments(parser)
    parser.add_argument("address")
    run_on_target(notify, parser.parse_args(argv))


def notify(target: Target, arguments: argparse.Namespace) -> None:
    if not _ADDRESS.fullmatch(arguments.address):
        raise Refused(f"{arguments.address!r} is no e-mail address, such as ada@example.org.")
    build(target.settings, target.aws).notices.subscribe(arguments.address)
    print(f"{arguments.address} will be told, once the address is confirmed.")


if __name__ == "__main__":
    main()
