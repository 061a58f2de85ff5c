"""Rows that are read twice: plainly, and by a guide who knows the end word."""

import pytest
import torch

from inference.engine import Engine
from inference.guided_rows import GUIDANCE, GuidedRows
from tests.inference.tiny_model import make_model, make_tokenizer

PLAIN, GUIDES = [3, 4, 5], ([3, 4, 9], [3, 4, 11, 12])


@pytest.fixture(scope="module")
def engine():
    tokenizer = make_tokenizer()
    return Engine(make_model(len(tokenizer)), tokenizer)


def said_after(engine, tokens):
    """Log-probabilities [vocabulary] of what comes after a text."""
    return engine.run(engine.read(tokens)).logits.log_softmax(-1)


@pytest.fixture
def rows(engine):
    """Five rows, dealt out to two guides: 0, 2 and 4 to the first one, 1 and 3 to the second."""
    plain, *guides = [engine.run(engine.read(tokens)) for tokens in (PLAIN, *GUIDES)]
    return GuidedRows(engine, plain, guides, 5)


def mixed(engine, guide, own):
    told, plain = (said_after(engine, [*begin, *own]) for begin in (guide, PLAIN))
    return GUIDANCE * told + (1 - GUIDANCE) * plain


def near(found, expected):
    torch.testing.assert_close(found, torch.stack(expected), rtol=1e-4, atol=1e-5)


def test_prices_are_those_of_the_plain_reading(engine, rows):
    engine.run(rows.append([5, 6, 7, 8, 9]))

    near(
        rows.logits.log_softmax(-1),
        [said_after(engine, [*PLAIN, own]) for own in (5, 6, 7, 8, 9)],
    )


def test_each_row_is_steered_by_its_own_guide(engine, rows):
    engine.run(rows.append([5, 6, 7, 8, 9]))

    near(
        rows.steered(rows.logits.log_softmax(-1)),
        [mixed(engine, GUIDES[at % 2], [own]) for at, own in enumerate((5, 6, 7, 8, 9))],
    )


def test_rows_that_are_left_and_copies_keep_their_guides(engine, rows):
    engine.run(rows.append([5, 6, 7, 8, 9]))
    rows.keep([1, 4, 4])
    engine.run(rows.append([10, 11, 12]))

    near(
        rows.steered(rows.logits.log_softmax(-1)),
        [
            mixed(engine, GUIDES[1], [6, 10]),
            mixed(engine, GUIDES[0], [9, 11]),
            mixed(engine, GUIDES[0], [9, 12]),
        ],
    )


def test_a_row_may_lose_its_guide_and_others_keep_theirs(engine, rows):
    engine.run(rows.append([5, 6, 7, 8, 9]))
    rows.keep([0, 1, 2], unguided={0, 1})
    engine.run(rows.append([10, 11, 12]))

    near(
        rows.steered(rows.logits.log_softmax(-1)),
        [
            said_after(engine, [*PLAIN, 5, 10]),
            said_after(engine, [*PLAIN, 6, 11]),
            mixed(engine, GUIDES[0], [7, 12]),
        ],
    )


def test_without_guides_rows_are_steered_by_the_plain_reading(engine):
    rows = GuidedRows(engine, engine.run(engine.read(PLAIN)), (), 2)
    engine.run(rows.append([5, 6]))

    near(
        rows.steered(rows.logits.log_softmax(-1)),
        [said_after(engine, [*PLAIN, own]) for own in (5, 6)],
    )


def test_of_more_guides_than_rows_some_guide_nobody(engine):
    plain, *guides = [engine.run(engine.read(tokens)) for tokens in (PLAIN, *GUIDES)]
    rows = GuidedRows(engine, plain, guides, 1)
    engine.run(rows.append([5]))

    near(rows.steered(rows.logits.log_softmax(-1)), [mixed(engine, GUIDES[0], [5])])
