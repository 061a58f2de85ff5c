"""How much the endpoint may still run: minutes a day and money a month, counted in UTC."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from webapp.settings import Limits, Price
from webapp.starts import StartStore

_LONGEST_LIFE = timedelta(days=2)
_HOUR = timedelta(hours=1)
_DAY = "The {limit} minutes that the model may run a day are used up."
_MONTH = "The {limit:.2f} {currency} that the model may cost a month are used up."


@dataclass(frozen=True)
class Allowance:
    """What is left of today's minutes and of this month's money."""

    limits: Limits
    price: Price
    day: timedelta  # that it has run today
    month: timedelta

    @classmethod
    def read(cls, limits: Limits, price: Price, starts: StartStore, now: datetime) -> "Allowance":
        today = now.replace(hour=0, minute=0, second=0, microsecond=0)
        records = starts.since(today.replace(day=1) - _LONGEST_LIFE)
        lives = [(r.asked, r.ended or now) for r in records if r.config and not r.failure]
        day, month = (
            sum((max(timedelta(), end - max(asked, since)) for asked, end in lives), timedelta())
            for since in (today, today.replace(day=1))
        )
        return cls(limits, price, day, month)

    @property
    def left(self) -> timedelta:
        """How long it may run on from now, today and for this month's money."""
        day = timedelta(minutes=self.limits.most_minutes_a_day) - self.day
        if not self.price.per_hour:
            return day
        month = self.limits.most_money_a_month / self.price.per_hour * _HOUR - self.month
        return min(day, month)

    @property
    def used_up(self) -> str:
        """Why it may not run on; empty while it may."""
        if self.left > timedelta():
            return ""
        if self.day >= timedelta(minutes=self.limits.most_minutes_a_day):
            return _DAY.format(limit=self.limits.most_minutes_a_day)
        return _MONTH.format(limit=self.limits.most_money_a_month, currency=self.price.currency)
