"""The engine on one machine, row by row: python -m tests.bench_gpu [--json]

A GPT-J with random weights, of full size where there is a GPU (T4, A10, H100) and small elsewhere:
tokens a second at 1 to 64 rows, beside transformers.generate with the same weights and beside
CTranslate2 in 8 bits where that is installed; memory, and the share of what the memory's bandwidth
allows. All ways are measured in one run; on a processor they take turns.
"""

import argparse
import gc
import json
import random
import resource
import time
from argparse import Namespace
from collections.abc import Callable, Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

import torch
from tokenizers import Tokenizer
from tokenizers.models import WordLevel
from transformers import PreTrainedTokenizerFast

from inference.engine import Engine
from inference.loading import load_base, pack_layers
from inference.settings import QUANTIZATIONS, ServeSettings
from inference.work import together
from tests.bench_engine import greedy, in_turn
from tests.bench_gptj import LAYERS, VOCABULARY, WIDTH, build

SMALL_LAYERS, SMALL_WIDTH = 8, 1024  # for a machine without a GPU
ROWS = (1, 4, 16, 64)
PROMPT, NEW = 32, 32  # tokens that each row reads and writes
_COPIED = 2**28  # bytes
Way = Callable[[Sequence[Sequence[int]]], object]  # writes NEW tokens after each prompt


def main(argv: Sequence[str] | None = None) -> None:
    on_gpu = torch.cuda.is_available()
    layers, width = (LAYERS, WIDTH) if on_gpu else (SMALL_LAYERS, SMALL_WIDTH)
    parser = argparse.ArgumentParser(description="Measure the engine by rows.")
    parser.add_argument("--layers", type=int, default=layers, help=f"({layers})")
    parser.add_argument("--width", type=int, default=width, help=f"({width})")
    parser.add_argument("--rows", type=int, nargs="+", default=ROWS, help="(1 4 16 64)")
    parser.add_argument("--turns", type=int, default=3, help="of each way (3)")
    parser.add_argument("--quantization", choices=QUANTIZATIONS, default="int8", help="(int8)")
    parser.add_argument("--folder", type=Path, help="where there is room (the system's own)")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    arguments = parser.parse_args(argv)
    with TemporaryDirectory(prefix="bench-gpu-", dir=arguments.folder) as folder:
        told = measure(arguments, Path(folder))
    print(json.dumps(told, indent=2) if arguments.json else table(told))


def measure(arguments: Namespace, folder: Path) -> dict[str, Any]:
    built = build(Namespace(folder=folder, layers=arguments.layers, width=arguments.width))
    base = folder / "plain"
    numbered_tokens().save_pretrained(base)
    settings = ServeSettings(quantization=arguments.quantization)
    made: dict[str, Callable[[], Way | None]] = {
        "engine": lambda: by_engine(Engine(ready(base, settings), None)),
        "generate": lambda: by_generate(ready(base, settings)),
        "ctranslate2": lambda: by_ctranslate2(base),
    }
    bound = bandwidth() / (built["parameters"] * bytes_a_weight(arguments.quantization))
    rows: dict[int, dict[str, float]] = {count: {} for count in arguments.rows}
    peaks = {}
    for names in sides(list(made)):
        ways = {name: way for name in names if (way := made[name]())}
        for count, each in rows.items():
            each.update(paces(ways, count, arguments.turns))
        if set(ways) - {"ctranslate2"}:  # which keeps its memory to itself
            peaks[", ".join(ways)] = peak_memory()
        if "engine" in ways:
            alone = steps_per_second(ways["engine"])
        del ways
        forget()
    return {
        "device": torch.cuda.get_device_name() if torch.cuda.is_available() else "processor",
        "quantization": arguments.quantization,
        "parameters": built["parameters"],
        "tokens_per_second": rows,
        "memory_bytes": peaks,
        "steps_per_second_by_bandwidth": round(bound, 1),
        "share_of_bandwidth": round(alone / bound, 3),
        "engine_to_generate": {n: ratio(each, "generate") for n, each in rows.items()},
        "engine_to_ctranslate2": {n: ratio(each, "ctranslate2") for n, each in rows.items()},
    }


def sides(names: Sequence[str]) -> list[list[str]]:
    """The ways that take turns: all of them, but on a GPU, which may hold one model only, each
    alone."""
    return [[name] for name in names] if torch.cuda.is_available() else [list(names)]


def numbered_tokens() -> PreTrainedTokenizerFast:
    """A tokenizer as large as the model, which converters ask for."""
    words = {f"w{number}": number for number in range(VOCABULARY)}
    marks = {"unk_token": "w0", "bos_token": "w1", "eos_token": "w2"}
    return PreTrainedTokenizerFast(tokenizer_object=Tokenizer(WordLevel(words, "w0")), **marks)


def ready(base: Path, settings: ServeSettings) -> Any:
    """The model as the container computes it."""
    model = load_base(base, settings).eval()
    pack_layers(model, settings)
    return model


def by_engine(engine: Engine) -> Way:
    return lambda prompts: engine.run(together([greedy(engine, p, NEW) for p in prompts]))


def by_generate(model: Any) -> Way:
    def write(prompts: Sequence[Sequence[int]]) -> None:
        ids = torch.tensor(prompts, device=model.device)
        with torch.inference_mode():
            model.generate(
                ids, attention_mask=torch.ones_like(ids), max_new_tokens=NEW, min_new_tokens=NEW,
                do_sample=False, pad_token_id=0,
            )  # fmt: skip

    return write


def by_ctranslate2(base: Path) -> Way | None:
    """The same weights in CTranslate2, in 8 bits; None where it is not installed."""
    try:
        import ctranslate2 as other
        from ctranslate2.converters import TransformersConverter
    except ImportError:
        return None
    folder = base.parent / "ctranslate2"
    TransformersConverter(str(base)).convert(str(folder), quantization="int8")
    device = "cuda" if torch.cuda.is_available() else "cpu"
    model = other.Generator(str(folder), device=device, intra_threads=torch.get_num_threads())
    words = json.loads((folder / "vocabulary.json").read_text(encoding="utf-8"))

    def write(prompts: Sequence[Sequence[int]]) -> None:
        model.generate_batch(
            [[words[token] for token in prompt] for prompt in prompts], max_length=NEW,
            min_length=NEW, sampling_topk=1, include_prompt_in_result=False,
        )  # fmt: skip

    return write


def paces(ways: dict[str, Way], rows: int, turns: int) -> dict[str, float]:
    """Written tokens a second by each way."""
    some = random.Random(rows)
    prompts = [[some.randint(5, 1000) for _ in range(PROMPT)] for _ in range(rows)]
    calls = {name: lambda way=way: way(prompts) for name, way in ways.items()}
    return {name: round(rows * NEW / s, 1) for name, s in in_turn(calls, turns).items()}


def ratio(paces_by_way: dict[str, float], other: str) -> float | None:
    return round(paces_by_way["engine"] / paces_by_way[other], 2) if other in paces_by_way else None


def steps_per_second(way: Way) -> float:
    """Of one row alone, the reading of its prompt included."""
    taken = []
    for _ in range(3):
        began = time.perf_counter()
        way([list(range(5, 5 + PROMPT))])
        taken.append(time.perf_counter() - began)
    return NEW / median(taken)


def bytes_a_weight(quantization: str) -> int:
    if quantization == "none":
        return 2 if torch.cuda.is_available() else 4
    return 1


def bandwidth() -> float:
    """Bytes a second that a copy reads and writes."""
    device = "cuda" if torch.cuda.is_available() else "cpu"
    block = torch.ones(_COPIED, dtype=torch.uint8, device=device)
    room = torch.empty_like(block)
    taken = []
    for _ in range(5):
        began = time.perf_counter()
        room.copy_(block)
        if device == "cuda":
            torch.cuda.synchronize()
        taken.append(time.perf_counter() - began)
    return 2 * _COPIED / median(taken)


def peak_memory() -> int:
    """Bytes at most since `forget`, on a GPU; of the whole process elsewhere."""
    if torch.cuda.is_available():
        return int(torch.cuda.max_memory_allocated())
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024


def forget() -> None:
    """Give back what models took that nobody holds any more."""
    gc.collect()
    if torch.cuda.is_available():
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats()


def table(told: dict[str, Any]) -> str:
    names = list(next(iter(told["tokens_per_second"].values())))
    lines = [
        f"{told['parameters']:,} weights, {told['quantization']}, on: {told['device']}",
        "tokens a second by rows:",
        "  rows" + "".join(f"{name:>14}" for name in names),
    ]
    for rows, each in told["tokens_per_second"].items():
        lines.append(f"  {rows:>4}" + "".join(f"{each[name]:>14}" for name in names))
    for name in ("engine_to_generate", "engine_to_ctranslate2"):
        lines.append(f"{name}: {told[name]}")
    lines += [
        *(f"memory at most, {who}: {n / 1e9:.2f} GB" for who, n in told["memory_bytes"].items()),
        f"one row: {told['share_of_bandwidth']} of the {told['steps_per_second_by_bandwidth']} "
        "steps a second that the memory's bandwidth allows",
    ]
    return "\n".join(lines)


if __name__ == "__main__":
    main()
