"""Give a host a new password: python -m scripts.reset_password NAME [--make]"""

import argparse

from scripts.hosts import accounts_of, give_password
from scripts.target import Target, add_target_arguments, run_on_target


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description="Give a host a new password, which is asked for or read from standard input, "
        "and end their sessions."
    )
    add_target_arguments(parser)
    parser.add_argument("name")
    parser.add_argument("--make", action="store_true", help="make a password and print it")
    run_on_target(reset, parser.parse_args(argv))


def reset(target: Target, arguments: argparse.Namespace) -> None:
    name = arguments.name
    told = give_password(accounts_of(target).reset_password, name, arguments.make)
    print(f"{name} has a new password, and their sessions have ended.{told}")


if __name__ == "__main__":
    main()
