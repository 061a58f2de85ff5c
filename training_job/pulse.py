"""What happens at every step: save when it is time, tell how it goes, stop when asked."""

import json
import logging
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from transformers import TrainerCallback

from training_job.metrics import dispensable, step_line, write_metrics
from training_job.settings import TrainSettings
from training_job.trainer import LessonTrainer

log = logging.getLogger(__name__)
Validate = Callable[[], float]


class Pulse(TrainerCallback):
    """Called by the Trainer. `tokens` [steps + 1] counts the lessons' tokens up to each step."""

    def __init__(
        self,
        settings: TrainSettings,
        tokens: Sequence[int],
        metrics: Path,
        validate: Validate,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._settings = settings
        self._tokens = tokens
        self._metrics = metrics
        self._validate = validate
        self._clock = clock
        self._began = self._saved = clock()
        self._first_step = 0
        self._before = 0.0  # seconds of earlier machines, up to the checkpoint
        self.trainer: LessonTrainer | None = None

    def on_train_begin(self, args: Any, state: Any, control: Any, **more: Any) -> None:
        self._began = self._saved = self._clock()
        self._first_step = state.global_step
        self._before = max((row.get("seconds", 0.0) for row in state.log_history), default=0.0)
        if state.is_world_process_zero:
            with dispensable(self._metrics):
                write_metrics(self._metrics, state.log_history)
        if self.trainer:
            self.trainer.go_on_from(state.global_step)

    def on_step_end(self, args: Any, state: Any, control: Any, **more: Any) -> None:
        control.should_log = state.global_step % self._settings.report_steps == 0
        if self.trainer is None:
            return
        self.trainer.remember_step()
        if self.trainer.end_if_asked():
            return
        by_step = self._settings.save_steps and not state.global_step % self._settings.save_steps
        due = self._clock() - self._saved >= self._settings.save_seconds
        control.should_save = self.trainer.agreed(bool(by_step or due))
        if control.should_save:
            self._saved = self._clock()

    def on_substep_end(self, args: Any, state: Any, control: Any, **more: Any) -> None:
        if self.trainer:
            self.trainer.end_if_asked()

    def on_log(self, args: Any, state: Any, control: Any, logs: Any = None, **more: Any) -> None:
        if not logs or "loss" not in logs or not state.is_world_process_zero:
            return
        numbers = {"loss": logs["loss"], "learning_rate": logs["learning_rate"]}
        row = state.log_history[-1]
        every = self._settings.validate_steps
        if every and state.global_step % every == 0:
            numbers["valid_loss"] = row["valid_loss"] = self._validate()
        row.update(self._pace(state.global_step, state.max_steps))
        numbers.update({name: row[name] for name in ("tokens_per_second", "seconds_left")})
        if self._settings.price_per_hour:
            numbers["cost"] = row["seconds"] / 3600 * self._settings.price_per_hour
        log.info("%s", step_line(state.global_step, state.max_steps, numbers))
        with dispensable(self._metrics), self._metrics.open("a", encoding="utf-8") as file:
            file.write(json.dumps(row) + "\n")

    def _pace(self, step: int, steps: int) -> dict[str, float]:
        """Seconds of this run on all its machines, and the pace on this one."""
        spent = max(1e-6, self._clock() - self._began)
        done = self._tokens[step] - self._tokens[self._first_step]
        pace = done / spent
        left = (self._tokens[steps] - self._tokens[step]) / pace if pace else 0.0
        return {
            "seconds": round(self._before + spent, 3),
            "tokens": int(self._tokens[step]),
            "tokens_per_second": round(pace, 1),
            "seconds_left": round(left, 1),
        }
