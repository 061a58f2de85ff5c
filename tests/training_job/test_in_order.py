import os
import time

import pytest

from training_job.in_order import WorkerLost, workers


def late_if_even(number):
    time.sleep(0.01 * (number % 2 == 0))
    return number * number


def end_at_once(_):
    os._exit(1)


@pytest.mark.parametrize("count", [1, 2])
def test_answers_come_in_the_order_of_the_questions_and_questions_only_as_needed(count):
    asked = []

    def questions():
        for number in range(200):
            asked.append(number)
            yield number

    with workers(count) as shared:
        answers = shared.answers(late_if_even, questions())
        assert next(answers) == 0
        assert len(asked) < 150
        assert list(answers) == [number * number for number in range(1, 200)]


def test_a_worker_that_ends_early_is_told_in_a_sentence():
    with pytest.raises(WorkerLost, match="perhaps for want of memory"), workers(2) as shared:
        list(shared.answers(end_at_once, range(3)))
