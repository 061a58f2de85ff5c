"""Who is written when: seats, turns, and what becomes of a verse that fails or is not wanted."""

import asyncio
import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from bars.events import Failed, VerseWritten
from bars.verse import VerseRequest
from inference.desk import Desk, DeskFull
from inference.pace import Pace
from inference.progress import Progress

VERSE = VerseRequest(topic="rain")
GRACE = 20.0


class FakeWriter:
    """Writes verses of some steps; remembers the order in which they began."""

    def __init__(self, steps=3):
        self.steps, self.begun, self.closed = steps, [], []

    def write(self, request, request_id, tell):
        self.begun.append(request.topic)
        if request.topic == "fails at once":
            raise RuntimeError("at once")
        try:
            for number in range(self.steps):
                yield number
                if request.topic == "fails":
                    raise RuntimeError("later")
        except GeneratorExit:
            self.closed.append(request.topic)
            raise
        end = VerseWritten({}, 0.1, 1)
        tell(end)
        return end


class FakeProgress(Progress):
    def __init__(self, size):
        self._size = size

    @property
    def size(self):
        return self._size


class FakeEngine:
    """Answers everything in one step, of which a test may let it do only so many."""

    def __init__(self, steps=None, size=1):
        self.sizes, self.fails, self._size = [], 0, size
        self._allowed = threading.Semaphore(10**6 if steps is None else steps)

    def allow(self, steps=10**6):
        self._allowed.release(steps)

    def begin(self, work):
        return FakeProgress(self._size)

    def step(self, works):
        self._allowed.acquire()
        if self.fails:
            self.fails -= 1
            raise RuntimeError("out of memory")
        self.sizes.append(len(works))
        for work in works:
            work.answered = True


def run(scenario):
    """Run it in a thread, since tests with a browser leave a loop running in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(lambda: asyncio.run(asyncio.wait_for(scenario(), 20))).result()


async def end_of(job):
    while True:
        event = await job.events.get()
        if isinstance(event, VerseWritten | Failed):
            return event


async def until(condition):
    while not condition():
        await asyncio.sleep(0.01)


def wish(topic):
    return VerseRequest(topic=topic)


def test_verses_are_written_side_by_side_as_many_as_there_are_seats():
    writer, engine = FakeWriter(), FakeEngine(steps=0)

    async def scenario():
        desk = Desk(writer, engine, seats=2, waiting=5, grace=GRACE)
        jobs = [desk.submit(VERSE) for _ in range(5)]
        await until(lambda: desk.state().seated == 2)
        places = [desk.place(job)[0] for job in jobs]
        engine.allow()
        return places, [await end_of(job) for job in jobs]

    places, ends = run(scenario)

    assert places == [0, 0, 1, 2, 3]
    assert all(isinstance(end, VerseWritten) for end in ends)
    assert max(engine.sizes) == 2


def test_visitors_take_turns():
    writer, engine = FakeWriter(), FakeEngine(steps=0)

    async def scenario():
        desk = Desk(writer, engine, seats=1, waiting=9, grace=GRACE)
        asked = [("first", "x"), *((f"eager {n}", "a") for n in range(3)), ("patient", "b")]
        jobs = [desk.submit(wish(topic), visitor) for topic, visitor in asked]
        engine.allow()
        for job in jobs:
            await end_of(job)

    run(scenario)

    assert writer.begun == ["first", "eager 0", "patient", "eager 1", "eager 2"]


def test_one_who_has_had_a_verse_does_not_wait_for_all_who_come_later():
    writer, engine = FakeWriter(), FakeEngine(steps=0)

    async def scenario():
        desk = Desk(writer, engine, seats=1, waiting=9, grace=GRACE)
        jobs = [desk.submit(wish("named 1"), "a"), desk.submit(wish("named 2"), "a")]
        await until(lambda: desk.state().seated)
        jobs += [desk.submit(wish(f"nameless {number}")) for number in range(3)]
        engine.allow()
        for job in jobs:
            await end_of(job)

    run(scenario)

    assert writer.begun.index("named 2") < 2


def test_whoever_gives_no_name_waits_in_the_order_of_coming():
    writer, engine = FakeWriter(), FakeEngine(steps=0)

    async def scenario():
        desk = Desk(writer, engine, seats=1, waiting=9, grace=GRACE)
        jobs = [desk.submit(wish(str(number))) for number in range(4)]
        engine.allow()
        for job in jobs:
            await end_of(job)

    run(scenario)

    assert writer.begun == ["0", "1", "2", "3"]


def test_beyond_the_queue_a_verse_is_refused_and_told_when_to_ask_again():
    engine = FakeEngine(steps=0)

    async def scenario():
        desk = Desk(FakeWriter(), engine, seats=1, waiting=2, grace=GRACE)
        jobs = [desk.submit(VERSE) for _ in range(3)]
        with pytest.raises(DeskFull) as full:
            desk.submit(VERSE)
        engine.allow()
        for job in jobs:
            await end_of(job)
        return full.value.seconds

    assert run(scenario) > 0


@pytest.mark.parametrize(
    ("bars", "seats", "deadline", "seconds"),
    [
        (8, 1, 25, 20),  # those ahead take ten seconds each, by the first guess
        (16, 9, 40, 8),  # seats are free, but all end together: a second a bar, by the first guess
    ],
)
def test_a_verse_that_would_end_too_late_is_refused_at_once(bars, seats, deadline, seconds):
    request = VerseRequest(topic="rain", bars=bars)

    async def scenario():
        desk = Desk(FakeWriter(), FakeEngine(steps=0), seats, 9, GRACE, deadline)
        for _ in range(2):
            desk.submit(request)
        with pytest.raises(DeskFull) as full:
            desk.submit(request)
        return full.value.seconds

    assert run(scenario) == seconds


def test_a_verse_alone_is_never_refused():
    async def scenario():
        desk = Desk(FakeWriter(), FakeEngine(), 1, waiting=9, grace=GRACE, deadline=5)
        return await end_of(desk.submit(VerseRequest(topic="rain", bars=16)))

    assert isinstance(run(scenario), VerseWritten)


def test_the_pace_is_that_of_the_latest_bars():
    pace = Pace()
    for _ in range(200):
        pace.note(1.5, 0)
        pace.note(2.5, 2)
    assert pace.seconds_a_bar == pytest.approx(2.0, abs=0.01)


def test_who_waits_too_long_is_sent_away_and_what_has_begun_is_finished():
    writer, engine = FakeWriter(), FakeEngine(steps=0)

    async def scenario():
        desk = Desk(writer, engine, seats=1, waiting=9, grace=GRACE, deadline=30)
        begun, late, fresh = (desk.submit(wish(topic)) for topic in ("begun", "late", "fresh"))
        await until(lambda: desk.state().seated)
        late.asked_at -= 21
        engine.allow()
        ends = [await end_of(job) for job in (begun, late, fresh)]
        return ends, desk.state().ends

    (begun, late, fresh), ends = run(scenario)

    assert isinstance(begun, VerseWritten)
    assert isinstance(fresh, VerseWritten)
    assert (late.code, ends["too late"]) == ("too_late", 1)
    assert writer.begun == ["begun", "fresh"]


def test_a_verse_that_has_begun_ends_at_its_deadline_all_the_same():
    writer, engine = FakeWriter(), FakeEngine(steps=0)

    async def scenario():
        desk = Desk(writer, engine, seats=1, waiting=9, grace=GRACE, deadline=30)
        job = desk.submit(wish("slow"))
        await until(lambda: desk.state().seated)
        job.asked_at -= 31
        engine.allow()
        return await end_of(job)

    assert run(scenario).code == "too_late"
    assert writer.closed == ["slow"]


def test_a_step_takes_no_more_than_fits_and_nobody_is_left_out_twice():
    writer, engine = FakeWriter(), FakeEngine(steps=0, size=10)

    async def scenario():
        desk = Desk(writer, engine, seats=3, waiting=5, grace=GRACE, most_tokens=25)
        jobs = [desk.submit(VERSE) for _ in range(3)]
        await until(lambda: desk.state().seated)
        engine.allow()
        for job in jobs:
            await end_of(job)

    run(scenario)

    assert max(engine.sizes) == 2
    assert len(engine.sizes) <= 6


@pytest.mark.parametrize("topic", ["fails", "fails at once"])
def test_a_verse_that_fails_does_not_disturb_the_others(topic):
    async def scenario():
        desk = Desk(FakeWriter(), FakeEngine(), seats=3, waiting=5, grace=GRACE)
        jobs = [desk.submit(each) for each in (VERSE, wish(topic), VERSE)]
        ends = [await end_of(job) for job in jobs]
        await until(lambda: not desk.state().seated)
        return [type(end) for end in ends], desk.state().ends

    assert run(scenario) == ([VerseWritten, Failed, VerseWritten], {"written": 2, "failed": 1})


def test_a_model_that_fails_again_and_again_is_broken():
    engine = FakeEngine()
    engine.fails = 10

    async def scenario():
        desk = Desk(FakeWriter(), engine, seats=1, waiting=5, grace=GRACE)
        for _ in range(3):
            was = desk.broken
            await end_of(desk.submit(VERSE))
        return was, desk.broken

    assert run(scenario) == (False, True)


def test_a_step_that_fails_ends_the_verses_at_hand_and_no_others():
    engine = FakeEngine()
    engine.fails = 1

    async def scenario():
        desk = Desk(FakeWriter(), engine, seats=1, waiting=5, grace=GRACE)
        jobs = [desk.submit(VERSE) for _ in range(2)]
        return [await end_of(job) for job in jobs]

    first, second = run(scenario)

    assert (first.code, isinstance(second, VerseWritten)) == ("failed", True)


def test_a_verse_ends_with_the_step_in_which_its_reader_leaves():
    writer, engine = FakeWriter(steps=1000), FakeEngine(steps=0)

    async def scenario():
        desk = Desk(writer, engine, seats=1, waiting=5, grace=GRACE)
        job = desk.submit(wish("left"))
        await until(lambda: desk.state().seated)
        desk.leave(job)
        engine.allow(2)
        await until(lambda: writer.closed)
        return len(engine.sizes)

    assert run(scenario) <= 2


def test_one_who_leaves_the_queue_is_never_written():
    writer, engine = FakeWriter(), FakeEngine(steps=0)

    async def scenario():
        desk = Desk(writer, engine, seats=1, waiting=5, grace=GRACE)
        first, second = desk.submit(VERSE), desk.submit(wish("left"))
        desk.leave(second)
        engine.allow()
        await end_of(first)

    run(scenario)

    assert writer.begun == ["rain"]


def queue_after(leaving, again):
    """Who waits, in order, after the verses `leaving` have lost their readers."""
    engine = FakeEngine(steps=0)

    async def scenario():
        desk = Desk(FakeWriter(), engine, seats=1, waiting=9, grace=GRACE)
        jobs = {"seated": desk.submit(wish("seated"), "seated")}
        await until(lambda: desk.state().seated)
        jobs |= {name: desk.submit(wish(name), name) for name in ("a", "b", "c")}
        if again == "before":
            jobs["again"] = desk.submit(wish("again"), leaving)
        desk.leave(jobs.pop(leaving))
        if again == "after":
            jobs["again"] = desk.submit(wish("again"), leaving)
        places = {name: desk.place(job)[0] for name, job in jobs.items()}
        engine.allow()
        for job in jobs.values():
            await end_of(job)
        return sorted(filter(places.get, places), key=places.get)

    return run(scenario)


@pytest.mark.parametrize("again", ["before", "after"])  # the desk hears of the old connection's end
def test_who_reloads_in_the_queue_has_the_place_back(again):
    assert queue_after("a", again) == ["again", "b", "c"]


def test_who_reloads_while_the_verse_is_written_is_next():
    assert queue_after("seated", "after") == ["again", "a", "b", "c"]


def test_a_place_that_is_left_is_free_at_once():
    assert queue_after("a", "never") == ["b", "c"]


def test_who_has_had_a_whole_verse_waits_behind_those_who_came_meanwhile():
    writer, engine = FakeWriter(), FakeEngine(steps=0)

    async def scenario():
        desk = Desk(writer, engine, seats=1, waiting=9, grace=GRACE)
        first = desk.submit(wish("a"), "a")
        await until(lambda: desk.state().seated)
        jobs = [desk.submit(wish(name), name) for name in ("b", "c")]
        engine.allow(3)
        await end_of(first)
        desk.leave(first)
        jobs.append(desk.submit(wish("a again"), "a"))
        engine.allow()
        for job in jobs:
            await end_of(job)

    run(scenario)

    assert writer.begun == ["a", "b", "c", "a again"]


def test_a_closing_desk_sends_those_who_wait_away_and_finishes_what_is_at_hand():
    engine = FakeEngine(steps=0)

    async def scenario():
        desk = Desk(FakeWriter(), engine, seats=1, waiting=5, grace=GRACE)
        jobs = [desk.submit(VERSE) for _ in range(2)]
        await until(lambda: desk.state().seated)
        desk.close()
        engine.allow()
        return [await end_of(job) for job in jobs]

    first, second = run(scenario)

    assert isinstance(first, VerseWritten)
    assert second.code == "stopping"


def test_beyond_its_grace_a_verse_at_hand_is_ended():
    writer, engine = FakeWriter(steps=10**6), FakeEngine()

    async def scenario():
        desk = Desk(writer, engine, seats=1, waiting=5, grace=0.0)
        job = desk.submit(VERSE)
        await until(lambda: desk.state().seated)
        desk.close()
        return await end_of(job)

    assert run(scenario).code == "stopping"
