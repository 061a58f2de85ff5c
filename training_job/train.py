"""One training job, from its folders to an adapter: goes on where a checkpoint says."""

import json
import logging
import os
import shutil
from dataclasses import dataclass
from itertools import accumulate
from pathlib import Path
from typing import Any

from transformers import PrinterCallback

from bars.prompt import LESSON_VERSION
from bars.run import Run
from training_job.base_model import load_base, load_tokenizer, with_adapter
from training_job.checkpoint import CheckpointStore
from training_job.directories import BASE, DATA, Directories, JobFailed
from training_job.interruption import Interruption
from training_job.lesson_tokens import LessonTokens, encode_lessons, read_lessons
from training_job.losses import ROWS_ON_THE_WAY, mean_loss, packed_for_reading
from training_job.metrics import dispensable, plot_loss, write_metrics
from training_job.packing import PackedRows, even, pack, plan_lessons
from training_job.pulse import Pulse
from training_job.settings import TrainSettings
from training_job.trainer import LessonTrainer, training_arguments

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Prepared:
    """What the channel `data` holds."""

    folder: Path
    data_hash: str

    @classmethod
    def find(cls, directories: Directories) -> "Prepared":
        folder = directories.channel(DATA)
        if folder is None:
            raise JobFailed(
                f"The job has no channel {DATA!r}. It must hold what scripts.prepare_data writes."
            )
        path = folder / "data.json"
        try:
            body = json.loads(path.read_text(encoding="utf-8"))
            version, data_hash = body["prompt_version"], str(body["hash"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise JobFailed(f"{path} cannot be read ({error}). Prepare the data again.") from error
        if version != LESSON_VERSION:
            raise JobFailed(
                f"The data was prepared for prompt version {version}, and this image trains "
                f"version {LESSON_VERSION}. Prepare the data again."
            )
        return cls(folder, data_hash)

    def lessons(self, name: str, tokenizer: Any) -> LessonTokens:
        return encode_lessons(read_lessons(self.folder / f"{name}.jsonl"), tokenizer)


def train(
    directories: Directories,
    settings: TrainSettings,
    interruption: Interruption,
    world: int = 1,
    git_commit: str | None = None,
) -> bool:
    """Train until the adapter is written (True) or the job is asked to end (False).

    `world` is the number of processes that share the work.
    """
    prepared = Prepared.find(directories)
    identity = {**settings.identity(), "data": prepared.data_hash, "world": world}
    store = CheckpointStore(directories.checkpoints, identity, settings.keep_checkpoints)
    store.open()
    newest = store.newest()
    source = directories.channel(BASE) or settings.base_model
    tokenizer = load_tokenizer(source, settings.revision)
    lessons = prepared.lessons("train", tokenizer)
    rows = _rows(lessons, settings, world)
    held_out = prepared.lessons("valid", tokenizer)
    validation = packed_for_reading(held_out, range(len(held_out)), settings.row_tokens)
    model = with_adapter(load_base(source, settings), settings)
    log.info("%s", _summary(rows, lessons, settings, world, model))
    log.info("%s", f"Going on from step {newest.step}." if newest else "Starting at step 0.")
    trainer = make_trainer(
        model, rows, validation, store, settings, directories, interruption, world
    )
    trainer.train(resume_from_checkpoint=str(newest.folder) if newest else None)
    if trainer.interrupted:
        return False
    if trainer.args.should_save:
        _finish(trainer, rows, validation, prepared, settings, directories, git_commit)
    return True


def _rows(lessons: LessonTokens, settings: TrainSettings, world: int) -> PackedRows:
    try:
        planned = plan_lessons(
            lessons, settings.shares, settings.max_tokens, settings.epochs, settings.seed
        )
    except ValueError as error:
        raise JobFailed(f"{error} Prepare it with that task, or change shares.") from error
    if not planned:
        raise JobFailed("The data has no lesson. Prepare it again, with more songs.")
    lengths = [lessons.length(i) for i in range(len(lessons))]
    packed = pack(planned, lengths, settings.row_tokens, settings.seed)
    step = settings.rows * settings.accumulation * world
    return PackedRows(lessons, even(packed, step), settings.row_tokens)


def _summary(
    rows: PackedRows, lessons: LessonTokens, settings: TrainSettings, world: int, model: Any
) -> str:
    learned = sum(p.numel() for p in model.parameters() if p.requires_grad)
    steps = len(rows) // (settings.rows * settings.accumulation * world)
    cut = sum(lessons.length(i) > settings.row_tokens for i in range(len(lessons)))
    return (
        f"{len(lessons)} lessons, {len(rows)} rows of {settings.row_tokens} tokens, "
        f"{rows.filled():.1%} filled, {cut} lessons cut; {steps} steps; "
        f"{learned:,} weights are trained."
    )


def make_trainer(
    model: Any,
    rows: PackedRows,
    validation: PackedRows,
    store: CheckpointStore,
    settings: TrainSettings,
    directories: Directories,
    interruption: Interruption,
    world: int,
) -> LessonTrainer:
    """The Trainer with everything that it needs, its pulse included."""
    arguments = training_arguments(settings, directories.output, world)
    a_step = settings.rows * settings.accumulation * world
    by_row = [sum(rows.lessons.length(i) for i in row) for row in rows.rows]
    by_step = [sum(by_row[start : start + a_step]) for start in range(0, len(by_row), a_step)]
    pulse = Pulse(
        settings,
        [0, *accumulate(by_step)],
        directories.output / "metrics.jsonl",
        lambda: mean_loss(model, validation, ROWS_ON_THE_WAY),
    )
    trainer = LessonTrainer(
        store=store,
        interruption=interruption,
        unlikelihood=settings.unlikelihood,
        model=model,
        args=arguments,
        train_dataset=rows,
        callbacks=[pulse],
    )
    pulse.trainer = trainer
    trainer.remove_callback(PrinterCallback)  # our pulse tells how it goes
    return trainer


def _finish(
    trainer: LessonTrainer,
    rows: PackedRows,
    validation: PackedRows,
    prepared: Prepared,
    settings: TrainSettings,
    directories: Directories,
    git_commit: str | None,
) -> None:
    """Write the model directory: adapter, fingerprints, and run.json as the last."""
    history = trainer.state.log_history
    scores = {}
    if len(validation):
        scores["valid_loss"] = round(mean_loss(trainer.model, validation), 4)
        history.append({"step": trainer.state.global_step, **scores})
        log.info("valid_loss=%.4f", scores["valid_loss"])
    for write, name in ((write_metrics, "metrics.jsonl"), (plot_loss, "loss.svg")):
        with dispensable(directories.output / name):
            write(directories.output / name, history)
    try:
        _write_model(trainer.model, prepared, settings, directories.model)
        _run(settings, prepared, rows.shares(), scores, git_commit).save(directories.model)
    except OSError as error:
        raise JobFailed(
            f"The adapter cannot be written to {directories.model} ({error.strerror}). Make room "
            "and start the job again: it goes on from its last checkpoint."
        ) from error


def _write_model(model: Any, prepared: Prepared, settings: TrainSettings, folder: Path) -> None:
    unfinished = folder / "adapter.unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    for configured in model.peft_config.values():  # not the folder that the base lay in
        configured.base_model_name_or_path = settings.base_model
        configured.revision = settings.revision
    model.save_pretrained(unfinished, save_embedding_layers=False)  # "auto" asks a hub
    (unfinished / "README.md").unlink(missing_ok=True)  # PEFT's empty form
    shutil.rmtree(folder / "adapter", ignore_errors=True)
    os.replace(unfinished, folder / "adapter")
    if (prepared.folder / "fingerprints").is_file():
        shutil.copyfile(prepared.folder / "fingerprints", folder / "fingerprints")


def _run(
    settings: TrainSettings,
    prepared: Prepared,
    tasks: dict[str, float],
    scores: dict[str, float],
    git_commit: str | None,
) -> Run:
    lora = ("rank", "alpha", "dropout", "targets")
    return Run(
        base_model=settings.base_model,
        revision=settings.revision,
        prompt_version=LESSON_VERSION,
        quantization=settings.quantization,
        lora={name: getattr(settings, name) for name in lora},
        tasks=tasks,
        data_hash=prepared.data_hash,
        git_commit=git_commit,
        scores=scores,
    )
