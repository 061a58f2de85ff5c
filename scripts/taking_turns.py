"""Two processes at once, in one: threads of which one runs, changing at every call by a draw."""

import random
import threading
from collections.abc import Callable


class TakingTurns:
    """Runs pieces of work side by side, the same way for the same seed."""

    def __init__(self, random: random.Random) -> None:
        self._random = random
        self._back = threading.Semaphore(0)  # released when a worker hands the turn back
        self._turns = threading.local()

    def gate(self) -> None:
        """Called by the work wherever another process may come between."""
        turn = getattr(self._turns, "mine", None)
        if turn is not None:
            self._back.release()
            turn.acquire()

    def run(self, works: list[Callable[[], None]]) -> None:
        """Run them all to their ends; a work must keep its exceptions to itself."""
        turns = [threading.Semaphore(0) for _ in works]
        alive = list(turns)

        def worker(turn: threading.Semaphore, work: Callable[[], None]) -> None:
            self._turns.mine = turn
            turn.acquire()
            try:
                work()
            finally:
                alive.remove(turn)
                self._back.release()

        threads = [
            threading.Thread(target=worker, args=pair, daemon=True)
            for pair in zip(turns, works, strict=True)
        ]
        for thread in threads:
            thread.start()
        while alive:
            self._random.choice(alive).release()
            self._back.acquire()
        for thread in threads:
            thread.join()
