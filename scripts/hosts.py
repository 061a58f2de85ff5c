"""What the scripts about accounts share: a password is read, never given as an argument."""

import getpass
import secrets
import sys
from collections.abc import Callable

from scripts.target import Refused, Target
from webapp.accounts import AccountRefused, Accounts


def accounts_of(target: Target) -> Accounts:
    return Accounts(target.aws.table(f"{target.settings.prefix}-accounts"))


def read_password(made: bool) -> str:
    """From the terminal, twice; from standard input, a line; or made."""
    if made:
        return secrets.token_urlsafe(12)
    if not sys.stdin.isatty():
        return sys.stdin.readline().strip()
    password = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != password:
        raise Refused("The two passwords are not the same. Try again.")
    return password


def give_password(act: Callable[[str, str], None], name: str, made: bool) -> str:
    """Do this with a host's name and password; what must be said of a password that was made."""
    password = read_password(made)
    or_refused(lambda: act(name, password))
    return f" The password: {password}" if made else ""


def or_refused(act: Callable[[], None]) -> None:
    try:
        act()
    except AccountRefused as error:
        raise Refused(str(error)) from error
