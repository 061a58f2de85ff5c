"""A job's peak memory beside the estimate of it, on this processor: python -m tests.bench_memory

Each size trains two steps with the job's own Trainer in a process of its own. Its peak is VmHWM
less what the process had before the model was built.
"""

import argparse
import gc
import json
import multiprocessing
import os
import sys
import tempfile
from dataclasses import dataclass, replace
from pathlib import Path

# what is freed goes back to the system at once, so that the peak is of what is alive
MALLOC = {"MALLOC_MMAP_THRESHOLD_": "65536", "MALLOC_ARENA_MAX": "1"}


@dataclass(frozen=True)
class Size:
    """GPT-J's architecture on a smaller scale, with its heads of 256, and how it is trained."""

    width: int
    layers: int
    row_tokens: int
    vocabulary: int
    gradient_checkpointing: bool = True
    quantization: str = "none"

    def config(self):
        from transformers import GPTJConfig

        return GPTJConfig(
            vocab_size=self.vocabulary,
            n_embd=self.width,
            n_layer=self.layers,
            n_head=max(1, self.width // 256),
            bos_token_id=None,
            eos_token_id=None,
        )

    def settings(self):
        from training_job.settings import TrainSettings

        return TrainSettings(
            quantization=self.quantization,
            row_tokens=self.row_tokens,
            accumulation=1,
            gradient_checkpointing=self.gradient_checkpointing,
            threads=1,
        )


SIZES = {
    "256 wide": Size(256, 4, 256, 50_400),
    "512 wide": Size(512, 4, 256, 8000),
    "768 wide": Size(768, 4, 256, 4000),
    "without checkpointing": Size(256, 4, 512, 8000, gradient_checkpointing=False),
    "in 8 bits": Size(512, 4, 256, 8000, quantization="int8"),
}


def main(argv=None):
    parser = argparse.ArgumentParser(description="Measure training and compare the estimate.")
    parser.add_argument("--json", action="store_true", help="print one JSON object a size")
    parser.add_argument("--sizes", nargs="+", choices=SIZES, default=list(SIZES), help="all")
    arguments = parser.parse_args(argv)
    if not MALLOC.items() <= os.environ.items():
        os.execve(sys.executable, [sys.executable, *sys.orig_argv[1:]], os.environ | MALLOC)
    text = "{measured_mib:5} MiB measured, {estimated_mib:5} estimated, ratio {ratio:.3f}: {name}"
    for found in compared({name: SIZES[name] for name in arguments.sizes}):
        print(json.dumps(found) if arguments.json else text.format(**found), flush=True)


def compared(sizes):
    """Measure all sizes, each in a process of its own, and estimate meanwhile."""
    from training_job.memory import estimate

    gc.freeze()  # no child looks through what is imported, which would copy it
    peaks = {name: started(size) for name, size in sizes.items()}
    estimates = [estimate(size.config(), size.settings(), "cpu") for size in sizes.values()]
    for (name, peak), estimated in zip(peaks.items(), estimates, strict=True):
        peak = peak.recv()  # EOFError: the process has died
        yield {
            "name": name,
            "measured_mib": round(peak / 2**20),
            "estimated_mib": round(estimated.total / 2**20),
            "ratio": round(estimated.total / peak, 3),
        }


def started(size):
    fork = multiprocessing.get_context("fork")  # what is imported already is no part of the peak
    peak, told = fork.Pipe(duplex=False)
    fork.Process(target=lambda: told.send(measured(size))).start()
    told.close()
    return peak


def measured(size):
    """The peak of a training in bytes, without what the first training of a process leaves."""
    train(replace(size, width=64, layers=2, row_tokens=32, vocabulary=100))
    gc.collect()
    before = memory("VmRSS")
    train(size)
    return memory("VmHWM") - before


def train(size):
    """Two steps of one row, of which every token is learned."""
    import numpy as np
    import torch
    from transformers import PrinterCallback

    from training_job.checkpoint import CheckpointStore
    from training_job.interruption import Interruption
    from training_job.lesson_tokens import LessonTokens
    from training_job.packing import PackedRows
    from training_job.trainer import LessonTrainer, training_arguments

    torch.set_num_threads(1)
    settings = size.settings()
    tokens = np.random.default_rng(1).integers(0, size.vocabulary, 2 * size.row_tokens)
    starts = np.array([0, size.row_tokens, 2 * size.row_tokens])
    lessons = LessonTokens(tokens, np.ones(len(tokens), bool), starts, ["verse", "verse"])
    with tempfile.TemporaryDirectory() as folder:
        trainer = LessonTrainer(
            store=CheckpointStore(Path(folder), {}, 2),
            interruption=Interruption(),
            model=new_model(size, settings),
            args=training_arguments(settings, Path(folder), world=1),
            train_dataset=PackedRows(lessons, [(0,), (1,)], size.row_tokens),
        )
        trainer.remove_callback(PrinterCallback)
        trainer.train()


def new_model(size, settings):
    """A model as a job loads it, of which all lies in memory; the peak is counted from here."""
    from transformers import GPTJForCausalLM

    from training_job.base_model import load_base, with_adapter

    model = GPTJForCausalLM(size.config())
    if settings.quantization == "int8":
        with tempfile.TemporaryDirectory() as folder:
            model.save_pretrained(folder)
            model = load_base(folder, settings)
            for weight in model.parameters():
                if weight.is_floating_point():  # else it is read from the file when it is used
                    weight.data = weight.data.clone()
    Path("/proc/self/clear_refs").write_text("5")  # VmHWM begins anew
    return with_adapter(model, settings)


def memory(name):
    """A figure of this process in bytes."""
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(dict(line.split(":", 1) for line in lines)[name].split()[0]) * 1024


if __name__ == "__main__":
    main()
