"""How many verses fit into memory."""

from inference.seats import MOST, seats_in

GPTJ = 458_752  # bytes a token in float16


def test_more_memory_has_more_seats_and_every_verse_its_contexts_and_candidates():
    assert seats_in(8 * 2**30, GPTJ, rows=16) == 2
    assert seats_in(64 * 2**30, GPTJ, rows=16) > 16


def test_there_is_a_seat_in_any_memory_and_never_more_than_the_most():
    assert seats_in(0, GPTJ, rows=16) == 1
    assert seats_in(2**50, GPTJ, rows=1) == MOST
