"""The Trainer of transformers, with packed rows, checkpoints that verify, and an orderly end."""

import logging
import random
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors import SafetensorError
from torch.nn.functional import cross_entropy
from transformers import Trainer, TrainingArguments

from training_job.base_model import precision
from training_job.checkpoint import CheckpointStore
from training_job.directories import JobFailed
from training_job.interruption import Interruption
from training_job.lesson_tokens import IGNORED
from training_job.said_words import unlikelihood_loss
from training_job.settings import TrainSettings

log = logging.getLogger(__name__)
MOST_FAILED_SAVES = 3


class LessonTrainer(Trainer):
    """Trains an adapter on packed rows.

    A checkpoint is always that of the last whole step: it may be written while gradients are being
    accumulated, because until the next step neither weights nor optimizer change, and the random
    numbers' state is the one remembered from the step's end.
    """

    def __init__(
        self,
        *,
        store: CheckpointStore,
        interruption: Interruption,
        unlikelihood: float = 0.0,
        **more: Any,
    ) -> None:
        super().__init__(**more)
        self.model_accepts_loss_kwargs = True  # compute_loss divides by the step's learned tokens
        self.interrupted = False
        self._unlikelihood = unlikelihood
        self._store = store
        self._interruption = interruption
        self._unfinished: Path | None = None
        self._failed_saves = 0
        self._random: dict[str, Any] = {}
        self._saved_step = -1

    def compute_loss(
        self,
        model: Any,
        inputs: dict[str, torch.Tensor],
        return_outputs: bool = False,
        num_items_in_batch: Any = None,
    ) -> Any:
        """The loss summed over the learned tokens, by the number of them in the whole step."""
        total = summed_loss(model, inputs, self._unlikelihood)
        if num_items_in_batch is None:
            return total / (inputs["labels"] != IGNORED).sum().clamp(min=1)
        share = self.args.world_size if self.args.average_tokens_across_devices else 1
        return total * share / max(1, int(num_items_in_batch))

    # checkpoints

    def go_on_from(self, step: int) -> None:
        """Begin after a step whose checkpoint is there already, or at step 0."""
        self._saved_step = step
        self.remember_step()

    def remember_step(self) -> None:
        """Keep the state of random numbers as it is now, at the end of a step."""
        self._random = {
            "python": random.getstate(),
            "numpy": np.random.get_state(),
            "cpu": torch.random.get_rng_state(),
        }
        if torch.cuda.is_available():
            self._random["cuda"] = torch.cuda.random.get_rng_state_all()
            if self.args.world_size <= 1:
                self._random["cuda"] = torch.cuda.random.get_rng_state()

    def _get_output_dir(self, trial: Any) -> str:
        return str(self._unfinished or self.args.output_dir)

    def _save_checkpoint(self, model: Any, trial: Any = None) -> None:
        """Write, seal and name a checkpoint; a disk that is full does not end the training."""
        step = self.state.global_step
        if step == self._saved_step:
            return
        states = self._gathered_random()
        self._saved_step = step
        if not self.args.should_save:
            return
        try:
            self._write_checkpoint(model, step, states)
            self._failed_saves = 0
        except (OSError, RuntimeError, SafetensorError) as error:
            self._not_saved(step, " ".join(str(error).split())[:200])
        finally:
            self._unfinished = None

    def _gathered_random(self) -> list[Any]:
        """The remembered states of all processes."""
        states: list[Any] = [self._random] * self.args.world_size
        if self.args.world_size > 1:
            torch.distributed.all_gather_object(states, self._random)
        return states

    def _write_checkpoint(self, model: Any, step: int, states: list[Any]) -> None:
        self._unfinished = self._store.begin(step)
        super()._save_checkpoint(model, trial=None)
        written = self._unfinished / f"checkpoint-{step}"
        for index, state in enumerate(states):
            name = f"rng_state_{index}.pth" if len(states) > 1 else "rng_state.pth"
            torch.save(state, written / name)
        folder = self._store.finish(written, step)
        self._store.abandon(self._unfinished)
        log.info("Saved %s.", folder.name)

    def _save_rng_state(self, output_dir: str) -> None:
        """Nothing: the states are written with those of the other processes."""

    def store_flos(self) -> None:
        """Nothing: counting operations would make every process wait for the one that saves."""

    def _not_saved(self, step: int, problem: str) -> None:
        if self._unfinished:
            self._store.abandon(self._unfinished)
        self._failed_saves += 1
        log.error(
            "Step %d could not be saved (%s). The last checkpoint is kept; make room. "
            "Training goes on.", step, problem,
        )  # fmt: skip
        if self._failed_saves >= MOST_FAILED_SAVES:
            raise JobFailed(
                f"{MOST_FAILED_SAVES} checkpoints in a row could not be saved ({problem}). Give "
                "the job a larger volume; it goes on from its last checkpoint."
            )

    # the end

    def agreed(self, wish: bool) -> bool:
        """Whether any process wishes it: all decide as one."""
        if self.args.world_size > 1:
            votes = torch.tensor(int(wish), device=self.args.device)
            torch.distributed.all_reduce(votes)
            wish = bool(votes.item())
        return wish

    def end_if_asked(self) -> bool:
        """After SIGTERM: save, and let the loop stop."""
        asked = self.agreed(self._interruption.asked)
        if asked and not self.interrupted:
            self.interrupted = True
            self.control.should_training_stop = True
            if self.state.global_step:
                self._save_checkpoint(self.model)
            since = self._interruption.since or time.monotonic()
            log.info(
                "Asked to end: stopped at step %d after %.1f s. %s",
                self.state.global_step, time.monotonic() - since,
                "The last checkpoint is older." if self._failed_saves
                else "The job can go on from there.",
            )  # fmt: skip
        return asked


def summed_loss(
    model: Any, inputs: dict[str, torch.Tensor], unlikelihood: float = 0.0
) -> torch.Tensor:
    """Cross-entropy in nats, summed over the learned tokens of some rows [rows, tokens].

    With `unlikelihood` as the weight, the loss of repeating an end word (said_words) is added.
    Logits are computed only where something is learned in one of the rows.
    """
    labels = inputs["labels"]
    kept = (labels != IGNORED).any(0).nonzero()[:, 0]
    logits = model(
        input_ids=inputs["input_ids"],
        position_ids=inputs["position_ids"],
        use_cache=False,
        logits_to_keep=kept,
    ).logits.float()
    total = cross_entropy(
        logits.flatten(0, 1),
        labels[:, kept].flatten(),
        ignore_index=IGNORED,
        reduction="sum",
    )
    if unlikelihood:
        total = total + unlikelihood * unlikelihood_loss(logits, kept, inputs)
    return total


def training_arguments(settings: TrainSettings, output: Path, world: int) -> TrainingArguments:
    """Our settings in the words of transformers."""
    on_gpu = torch.cuda.is_available()
    dtype = precision(settings, on_gpu)
    return TrainingArguments(
        output_dir=str(output),
        num_train_epochs=1,
        per_device_train_batch_size=settings.rows,
        gradient_accumulation_steps=settings.accumulation,
        learning_rate=settings.learning_rate,
        lr_scheduler_type=settings.schedule
        if settings.schedule != "constant"
        else "constant_with_warmup",
        warmup_steps=settings.warmup,
        weight_decay=settings.weight_decay,
        max_grad_norm=settings.max_grad_norm,
        optim="adamw_torch",
        activation_checkpointing=settings.gradient_checkpointing,
        activation_checkpointing_kwargs={"use_reentrant": False},
        train_sampling_strategy="sequential",  # the rows are in their order already
        seed=settings.seed,
        fp16=dtype is torch.float16,
        bf16=dtype is torch.bfloat16,
        use_cpu=not on_gpu,
        ddp_backend="gloo" if world > 1 and not on_gpu else None,
        ddp_find_unused_parameters=False,
        dataloader_num_workers=0,
        dataloader_pin_memory=on_gpu,
        remove_unused_columns=False,
        logging_steps=1,
        logging_nan_inf_filter=False,
        save_strategy="no",  # the pulse decides
        report_to=[],
        disable_tqdm=True,
    )
