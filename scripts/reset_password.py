"""Give a host a new password: python -m scripts.reset_password NAME [--make]"""

import argparse

from scripts.hosts import accounts_of, or_refused, read_password
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
    accounts, name = accounts_of(target), arguments.name
    password = read_password(arguments.make)
    or_refused(lambda: accounts.reset_password(name, password))
    made = f" The password: {password}" if arguments.make else ""
    print(f"{name} has a new password, and their sessions have ended.{made}")


if __name__ == "__main__":
    main()
