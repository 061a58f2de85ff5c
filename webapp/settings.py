"""The settings of the site and of the switch, read from the environment once, at the entry point.

`python -m webapp --help` lists the variables.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from webapp.issuer import Issuer

LONGEST_LEASE = 240  # minutes, unless a setting says otherwise


class SettingsWrong(ValueError):
    """The environment does not hold usable settings; the message names every problem."""


@dataclass(frozen=True)
class Price:
    """What the machine behind the endpoint costs, and where the figure comes from."""

    currency: str = "USD"
    per_hour: float = 0.736
    priced_on: str = "2026-11-23"
    note: str = "List price of ml.g4dn.xlarge in us-east-1."


@dataclass(frozen=True)
class Limits:
    """How long the model may run, whatever hosts ask for."""

    most_minutes: int = LONGEST_LEASE  # a lease, or a demo with its warm-up
    most_minutes_a_day: int = 600
    most_money_a_month: float = 60.0
    idle_minutes: int = 15  # without a verse, after which a start by hand ends; 0: never


_MOST = {
    "most_minutes": 24 * 60,
    "most_minutes_a_day": 24 * 60,
    "most_money_a_month": 100_000,
    "idle_minutes": 24 * 60,
}


@dataclass(frozen=True)
class SwitchSettings:
    """What reconciling needs: whose resources, where, and what they cost."""

    prefix: str = "deep-hop"
    region: str = "us-east-1"
    price: Price = Price()
    limits: Limits = Limits()

    @classmethod
    def from_env(cls, env: Mapping[str, str]) -> Self:
        """Read the settings, or raise SettingsWrong with every problem at once."""
        problems: list[str] = []
        fields = cls._fields(env, problems)
        if problems:
            raise SettingsWrong(" ".join(problems))
        return cls(**fields)

    @classmethod
    def _fields(cls, env: Mapping[str, str], problems: list[str]) -> dict[str, Any]:
        price = Price(
            currency=env.get("DEEP_HOP_CURRENCY", Price.currency),
            per_hour=_number(env, "DEEP_HOP_PRICE_PER_HOUR", Price.per_hour, problems),
            priced_on=env.get("DEEP_HOP_PRICED_ON", Price.priced_on),
            note=env.get("DEEP_HOP_PRICE_NOTE", Price.note),
        )
        numbers = {
            name: _number(env, f"DEEP_HOP_{name.upper()}", getattr(Limits, name), problems)
            for name in ("most_minutes", "most_minutes_a_day", "most_money_a_month", "idle_minutes")
        }
        whole = {name: int(value) for name, value in numbers.items() if "money" not in name}
        for name, value in numbers.items():
            if value > _MOST[name] or (name in whole and value != whole[name]):
                right = (
                    f"must be a {'whole ' if name in whole else ''}number up to {_MOST[name]:,}."
                )
                problems.append(f"DEEP_HOP_{name.upper()} is {value:g}; it {right}")
        return {
            "prefix": env.get("DEEP_HOP_PREFIX", cls.prefix),
            "region": env.get("AWS_REGION") or env.get("AWS_DEFAULT_REGION") or cls.region,
            "price": price,
            "limits": Limits(**whole, most_money_a_month=numbers["most_money_a_month"]),
        }


@dataclass(frozen=True)
class WebSettings(SwitchSettings):
    """What the site needs besides: how hosts sign in and how sessions are kept."""

    secret_key: str = ""
    host_password_hash: str = ""
    secure_cookies: bool = True
    proxies: int = 0  # before the site, whose word on the caller's address is trusted
    issuer: Issuer | None = None  # who vouches for hosts besides their passwords
    most_verses: int = 120  # that a browser may ask for in fifteen minutes; 0: any number
    most_verses_of_an_address: int = 6000  # a lecture hall of 200 phones has one address

    @classmethod
    def _fields(cls, env: Mapping[str, str], problems: list[str]) -> dict[str, Any]:
        secret_key = env.get("DEEP_HOP_SECRET_KEY", "")
        if len(secret_key) < 32:
            problems.append(
                "DEEP_HOP_SECRET_KEY must have at least 32 characters; make one with "
                '`python -c "import secrets; print(secrets.token_hex(32))"`.'
            )
        password_hash = env.get("DEEP_HOP_HOST_PASSWORD_HASH", "")
        if not password_hash.startswith("scrypt:"):
            problems.append(
                "DEEP_HOP_HOST_PASSWORD_HASH must be a scrypt hash; make one with "
                "`python -m webapp hash-password`."
            )
        return super()._fields(env, problems) | {
            "secret_key": secret_key,
            "host_password_hash": password_hash,
            "proxies": int(_number(env, "DEEP_HOP_PROXIES", 0, problems)),
            "issuer": Issuer.from_env(env, problems),
            **{
                name: int(_number(env, f"DEEP_HOP_{name.upper()}", getattr(cls, name), problems))
                for name in ("most_verses", "most_verses_of_an_address")
            },
            "secure_cookies": env.get("DEEP_HOP_SECURE_COOKIES", "1") != "0",
        }


def _number(env: Mapping[str, str], name: str, default: float, problems: list[str]) -> float:
    try:
        value = float(env.get(name, default))
    except ValueError:
        value = -1.0
    if not 0 <= value < float("inf"):
        problems.append(f"{name} is {env[name]!r}; it must be a number, 0 or more.")
    return value
