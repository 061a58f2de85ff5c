"""Work shared among processes: answers come in the order of the questions, in bounded memory."""

import os
import signal
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from itertools import islice
from multiprocessing import get_context, parent_process
from threading import Thread
from typing import TypeVar

_CHUNK = 16  # questions that travel together
_AHEAD = 3  # chunks for each process that are under way or wait to be fetched

Question = TypeVar("Question")
Answer = TypeVar("Answer")


class WorkerLost(Exception):
    """A process ended before it had answered; the message has the remedy."""


class Workers:
    """Processes that answer questions; one worker means that this process does it itself."""

    def __init__(self, count: int, pool: ProcessPoolExecutor | None) -> None:
        self._count, self._pool = count, pool

    def answers(
        self, ask: Callable[[Question], Answer], questions: Iterable[Question]
    ) -> Iterator[Answer]:
        """The answer to each question; `ask` and the questions must be picklable."""
        if self._pool is None:
            yield from map(ask, questions)
            return
        source = iter(questions)
        waiting: deque[Future[list[Answer]]] = deque()
        try:
            while chunk := list(islice(source, _CHUNK)):
                waiting.append(self._pool.submit(_answer_all, ask, chunk))
                if len(waiting) >= _AHEAD * self._count:
                    yield from waiting.popleft().result()
            while waiting:
                yield from waiting.popleft().result()
        except BrokenProcessPool as error:
            raise WorkerLost(
                "A worker process ended early, perhaps for want of memory. Use fewer of them "
                "(--workers 1)."
            ) from error


@contextmanager
def workers(count: int) -> Iterator[Workers]:
    """So many processes, which end with the context."""
    if count == 1:
        yield Workers(1, None)
        return
    pool = ProcessPoolExecutor(count, get_context("spawn"), _depend_on_parent)
    try:
        yield Workers(count, pool)
    finally:
        pool.shutdown(cancel_futures=True)


def _depend_on_parent() -> None:
    """End when the parent says so or is gone, and not by Ctrl-C before it."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Thread(target=_end_with_parent, daemon=True).start()


def _end_with_parent() -> None:
    if parent := parent_process():
        parent.join()
        os._exit(1)


def _answer_all(ask: Callable[[Question], Answer], chunk: list[Question]) -> list[Answer]:
    return [ask(question) for question in chunk]
