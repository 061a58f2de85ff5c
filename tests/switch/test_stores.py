"""What people made lies in DynamoDB and comes back as it was."""

from concurrent.futures import ThreadPoolExecutor

from bars.verse import VerseRequest

BAR = {"event": "bar", "index": 0, "text": "a bar with “quotes” and naïve ünicode", "syllables": 9}


def test_a_verse_comes_back_as_it_was_written(world):
    request = VerseRequest.from_json({"topic": "rain", "bars": 2, "temperature": 0.7})
    start = {"event": "start", "seed": 7}
    verse = {"event": "verse", "scores": {"perfect": 0.5}, "seconds": 1.25, "tokens": 9}

    verse_id = world.verses.save(request, [start, {"event": "token", "text": "x"}, BAR, verse])
    found = world.verses.load(verse_id)

    assert VerseRequest.from_json(found.request) == request
    assert (found.start, found.bars, found.verse) == (start, [BAR], verse)
    assert len(verse_id) >= 12


def test_an_unknown_verse_is_none(world):
    assert world.verses.load("nothing") is None


def test_five_tries_block_a_key_for_the_rest_of_fifteen_minutes(world):
    for _ in range(5):
        assert world.throttle.take("10.0.0.1", 5) == 0
    world.clock.pass_(minutes=5)

    assert world.throttle.take("10.0.0.1", 5) == 600
    assert world.throttle.take("10.0.0.2", 5) == 0
    world.clock.pass_(minutes=10)
    assert world.throttle.take("10.0.0.1", 5) == 0


def test_of_many_tries_at_once_none_slips_by(world):
    with ThreadPoolExecutor(16) as pool:
        taken = list(pool.map(lambda _: world.throttle.take("ada", 5), range(40)))

    assert taken.count(0) == 5


def test_success_clears_the_count(world):
    for _ in range(6):
        world.throttle.take("ada", 5)
    world.throttle.clear("ada")

    assert world.throttle.take("ada", 5) == 0
