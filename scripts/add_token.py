"""Make a token for a machine: python -m scripts.add_token NAME --scope leases"""

import argparse

from scripts.hosts import accounts_of, or_refused
from scripts.target import Target, add_target_arguments, run_on_target
from webapp.accounts import SCOPES


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description="Make a token with which a machine may call the site's API, as "
        "`Authorization: Bearer TOKEN`. It is printed once; `add_host --remove` ends it."
    )
    add_target_arguments(parser)
    parser.add_argument("name", help="of the machine, such as ci")
    parser.add_argument("--scope", action="append", choices=SCOPES, required=True,
        help="what it may do; may be given again")  # fmt: skip
    run_on_target(add, parser.parse_args(argv))


def add(target: Target, arguments: argparse.Namespace) -> None:
    accounts, made = accounts_of(target), list[str]()
    scopes = tuple(dict.fromkeys(arguments.scope))
    or_refused(lambda: made.append(accounts.add_token(arguments.name, scopes)))
    print(made[0])


if __name__ == "__main__":
    main()
