"""What each day's minutes and each month's money would come to: what has run, what is leased and
what is planned, overlaps counted once."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date, datetime, timedelta

from webapp.allowance import Allowance
from webapp.day_minutes import Stretch, minutes_by_day
from webapp.demos import Occurrence
from webapp.leases import Lease

_MINUTE = timedelta(minutes=1)
_FULL_DAY = (
    "would make it {wanted} minutes on {day} (UTC), with warm-ups and all else that runs or is "
    "planned on that day; {most} are allowed. Make it shorter, choose another day, or raise "
    "DEEP_HOP_MOST_MINUTES_A_DAY."
)
_FULL_MONTH = (
    "would make it {wanted:.2f} {currency} in {day:%Y-%m} (UTC), with warm-ups and all else that "
    "runs or is planned in that month; {most:.2f} are allowed. Make it shorter, choose another "
    "month, or raise DEEP_HOP_MOST_MONEY_A_MONTH."
)
_EATS = (
    "would leave too few minutes for {title!r}, which is planned for {day} (UTC): {free} minutes "
    "are free beside it, of {most} a day. Start for less, move the demo, or raise "
    "DEEP_HOP_MOST_MINUTES_A_DAY."
)


def stretches(occurrences: Iterable[Occurrence], lead: int, now: datetime) -> list[Stretch]:
    """When demos want the model, from their warm-ups on."""
    return [(max(each.asks_at(lead), now), each.ends) for each in occurrences]


class PlannedUse:
    """The minutes of every day, from now on and beside what has run already."""

    def __init__(
        self,
        allowance: Allowance,
        now: datetime,
        demos: Iterable[Stretch],
        leases: Iterable[Lease],
    ) -> None:
        self._allowance, self._now = allowance, now
        self._wanted = [*demos, *((now, lease.until) for lease in leases)]

    def why_not(self, own: list[Stretch]) -> str:
        """Why a demo cannot be planned beside all this; empty where it can."""
        days, limits, price = self._days(own), self._allowance.limits, self._allowance.price
        for day in (touched := sorted(minutes_by_day(own))):
            if days[day] > (most := limits.most_minutes_a_day):
                return _FULL_DAY.format(wanted=days[day], day=day, most=most)
        months: dict[tuple[int, int], int] = defaultdict(int)
        for day, minutes in days.items():
            months[day.year, day.month] += minutes
        today, ran = self._now.date(), self._allowance.month - self._allowance.day
        months[today.year, today.month] += ran // _MINUTE
        for day in touched:
            money = months[day.year, day.month] / 60 * price.per_hour
            if money > (allowed := limits.most_money_a_month):
                told = {"wanted": money, "most": allowed, "currency": price.currency}
                return _FULL_MONTH.format(day=day, **told)
        return ""

    def eaten(self, until: datetime, planned: Iterable[Occurrence], lead: int) -> str:
        """Which planned demo loses minutes if the model runs until then; empty where none does."""
        before, after = self._days([]), self._days([(self._now, until)])
        most = self._allowance.limits.most_minutes_a_day
        for each in planned:
            for day in minutes_by_day(stretches([each], lead, self._now)):
                if after[day] > max(most, before[day]):
                    free = max(0, most - before[day])
                    return _EATS.format(title=each.demo.title, day=day, free=free, most=most)
        return ""

    def _days(self, more: list[Stretch]) -> dict[date, int]:
        days = minutes_by_day([*self._wanted, *more])
        today = self._now.date()
        days[today] = days.get(today, 0) + self._allowance.day // _MINUTE
        return days
