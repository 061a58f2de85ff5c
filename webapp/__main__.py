"""The site's commands: python -m webapp reconcile | hash-password"""

import argparse
import getpass
import logging
import os
import sys
from collections.abc import Callable

from webapp.settings import SettingsWrong, SwitchSettings

_VARIABLES = """environment:
  DEEP_HOP_PREFIX              first part of every resource's name (deep-hop)
  DEEP_HOP_MOST_MINUTES        longest lease in minutes (240)
  DEEP_HOP_MOST_MINUTES_A_DAY  that the model may run (600), counted in UTC
  DEEP_HOP_MOST_MONEY_A_MONTH  that the model may cost (60)
  DEEP_HOP_IDLE_MINUTES        without a verse, after which a start by hand ends (15; 0: never)
  DEEP_HOP_PRICE_PER_HOUR      price of the machine, with DEEP_HOP_CURRENCY,
                               DEEP_HOP_PRICED_ON and DEEP_HOP_PRICE_NOTE
  AWS_REGION                   where the resources are (us-east-1)
  DEEP_HOP_SECRET_KEY          signs the sessions of the site
  DEEP_HOP_HOST_PASSWORD_HASH  scrypt hash of the host's password
  DEEP_HOP_PROXIES             how many proxies stand before the site (0)
  DEEP_HOP_SECURE_COOKIES      0 where the site is reached without https
  DEEP_HOP_OIDC_DISCOVERY      address of an issuer's openid-configuration, with
                               DEEP_HOP_OIDC_CLIENT_ID, DEEP_HOP_OIDC_CLIENT_SECRET,
                               DEEP_HOP_OIDC_EMAILS and perhaps DEEP_HOP_OIDC_NAME
  DEEP_HOP_MOST_VERSES         that a browser may ask for in 15 minutes (120; 0: any number)
  DEEP_HOP_MOST_VERSES_OF_AN_ADDRESS
                               likewise (6000): a lecture hall of 200 phones has one address
"""


def main(argv: list[str] | None = None) -> None:
    parser = argparse.ArgumentParser(
        prog="python -m webapp",
        description="Commands of the site.",
        epilog=_VARIABLES,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(dest="command", required=True)
    commands.add_parser("reconcile", help="compare leases and endpoint, take the next step")
    commands.add_parser("hash-password", help="read a password, print its scrypt hash")
    {"reconcile": _reconcile, "hash-password": _hash_password}[parser.parse_args(argv).command]()


def _reconcile() -> None:
    from webapp.wiring import build

    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    try:
        parts = build(SwitchSettings.from_env(os.environ))
    except SettingsWrong as error:
        sys.exit(str(error))
    # whoever must be told is told, above all when the step failed
    works = (parts.switch.reconcile, parts.watch.look, parts.rehearsals.go_on)
    if not all([_done(work) for work in works]):
        sys.exit(1)


def _done(work: Callable[[], object]) -> bool:
    """Do a part of the minute's work; whether it went well, or there is nothing deployed yet."""
    from botocore.exceptions import ClientError

    try:
        if told := work():
            print(told)
    except ClientError as error:
        if error.response["Error"]["Code"] == "ResourceNotFoundException":
            print("There are no tables yet, so nothing can be leased. Deploy first.")
            return True
        logging.exception("This part of the minute's work failed")
        return False
    except Exception:
        logging.exception("This part of the minute's work failed")
        return False
    return True


def _hash_password() -> None:
    from werkzeug.security import generate_password_hash

    from webapp.accounts import LONGEST_PASSWORD, SHORTEST_PASSWORD

    given = getpass.getpass("Password: ") if sys.stdin.isatty() else sys.stdin.readline()
    password = given.strip()  # as the site does with what is typed there
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        sys.exit(
            f"A password must have {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters. "
            "Choose another."
        )
    print(generate_password_hash(password, method="scrypt"))


if __name__ == "__main__":
    main()
