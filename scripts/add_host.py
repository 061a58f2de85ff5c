"""Let somebody sign in as a host: python -m scripts.add_host NAME [--make]"""

import argparse

from scripts.hosts import accounts_of, give_password, or_refused
from scripts.target import Target, add_target_arguments, run_on_target


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        description="Let somebody sign in as a host, with a password of their own, which is asked "
        "for or read from standard input."
    )
    add_target_arguments(parser)
    parser.add_argument("name", help="2 to 32 lower-case letters, digits, dots and hyphens")
    parser.add_argument("--make", action="store_true", help="make a password and print it")
    parser.add_argument("--remove", action="store_true", help="remove this host or token instead")
    run_on_target(add, parser.parse_args(argv))


def add(target: Target, arguments: argparse.Namespace) -> None:
    accounts, name = accounts_of(target), arguments.name
    if arguments.remove:
        or_refused(lambda: accounts.remove(name))
        print(f"{name} is removed, and their sessions have ended.")
        return
    told = give_password(accounts.add_host, name, arguments.make)
    print(f"{name} may sign in.{told}")


if __name__ == "__main__":
    main()
