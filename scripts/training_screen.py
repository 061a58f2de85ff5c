"""Where a training job is shown that somebody follows."""

from typing import TextIO

from tqdm import tqdm

from scripts.training_lines import progress
from scripts.training_log import StepNumbers
from scripts.training_state import Cost, TrainingState


class Screen:
    """A progress bar on a terminal, lines elsewhere."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._lines = not out.isatty()
        self._bar = tqdm(
            file=out,
            disable=self._lines,
            bar_format="{desc} {percentage:3.0f}%|{bar}| {n_fmt}/{total_fmt} {postfix}",
        )
        self._phase, self._step = "", 0

    def enter(self, state: TrainingState) -> None:
        """Show the phase that the job is in."""
        if state.phase != self._phase:
            self._phase = state.phase
            if self._lines and state.steps:
                self.say(f"{state.steps[-1].since:%H:%M:%S} {state.phase}")
        self._bar.set_description_str(state.phase)

    def advance(self, told: StepNumbers, cost: Cost | None) -> None:
        """Show how far the job is."""
        shown = progress(told, cost)
        if self._lines and told.step != self._step:
            self.say(f"step {told.step} of {told.steps}, {shown}")
        self._step = told.step
        self._bar.total, self._bar.n = told.steps, told.step
        self._bar.set_postfix_str(shown)

    def say(self, line: str) -> None:
        tqdm.write(line.rpartition("\r")[2], file=self._out)

    def close(self) -> None:
        self._bar.close()
