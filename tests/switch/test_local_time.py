"""Wall-clock times in named zones: most are one moment, two hours a year are none or two."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from webapp.local_time import Doubled, Skipped, check_zone, moment, written_offset, zone_names


def test_a_time_is_read_on_the_clocks_of_its_zone():
    assert moment(date(2026, 7, 1), time(19), "Europe/Berlin") == datetime(
        2026, 7, 1, 17, tzinfo=UTC
    )
    assert moment(date(2026, 12, 1), time(19), "Europe/Berlin").hour == 18


@pytest.mark.parametrize(
    ("zone", "day", "at", "before", "after"),
    [
        ("Europe/Berlin", date(2026, 3, 29), time(2, 30), time(1, 59), time(3)),
        ("America/New_York", date(2026, 3, 8), time(2), time(1, 59), time(3)),
        ("Australia/Lord_Howe", date(2026, 10, 4), time(2, 15), time(1, 59), time(2, 30)),
    ],
)
def test_a_skipped_time_is_told_with_its_neighbours(zone, day, at, before, after):
    with pytest.raises(Skipped) as skipped:
        moment(day, at, zone)

    assert (skipped.value.before, skipped.value.after) == (before, after)


def test_a_doubled_time_must_be_chosen():
    night = (date(2026, 10, 25), time(2, 30), "Europe/Berlin")

    with pytest.raises(Doubled) as doubled:
        moment(*night)

    assert [written_offset(each) for each in doubled.value.offsets] == ["UTC+02:00", "UTC+01:00"]
    first, second = (moment(*night, second=choice) for choice in (False, True))
    assert second - first == timedelta(hours=1)


@given(
    st.sampled_from(sorted(zone_names())),
    st.dates(date(2020, 1, 1), date(2035, 12, 31)),
    st.times().map(lambda at: at.replace(second=0, microsecond=0)),
    st.booleans(),
)
def test_what_is_read_is_what_the_clocks_there_show(zone, day, at, second):
    try:
        read = moment(day, at, zone, second)
    except Skipped as skipped:
        assert skipped.before < at < skipped.after or day.year < 2020
        return

    shown = read.astimezone(ZoneInfo(zone))
    assert (shown.date(), shown.time()) == (day, at)


@pytest.mark.parametrize(
    ("given_", "near"),
    [("europe/berlin", "Europe/Berlin"), ("New York", "America/New_York"), ("Tokyo", "Asia/Tokyo")],
)
def test_a_zone_that_is_not_one_is_answered_with_the_nearest(given_, near):
    assert near in check_zone(given_).message


@pytest.mark.parametrize("given_", ["", "EST5EDT", "Mars/Olympus", 7, None, "../../etc/passwd"])
def test_what_is_no_zone_is_refused(given_):
    assert check_zone(given_) is not None
