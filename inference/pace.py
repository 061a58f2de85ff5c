"""How fast bars come, whoever they are for, and so how long all that was asked for will take."""

FIRST_GUESS = 1.0  # seconds a bar, until some have come
_MEMORY = 16  # bars over which the pace is smoothed


class Pace:
    """Seconds of writing that a bar has lately taken."""

    def __init__(self) -> None:
        self.seconds_a_bar = FIRST_GUESS
        self._since = 0.0  # the last bar

    def note(self, seconds: float, bars: int) -> None:
        """So many seconds of writing have passed, in which so many bars were finished."""
        self._since += seconds
        for _ in range(bars):
            self.seconds_a_bar += (self._since / bars - self.seconds_a_bar) / _MEMORY
        if bars:
            self._since = 0.0
