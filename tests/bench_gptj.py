"""GPT-J at its full size, with random weights: python -m tests.bench_gptj [--json]

Builds it in float16, quantizes it as for the endpoint, loads it, writes four tokens with our engine
and tells the memory and seconds of each part. Takes 19 GB of disk, which it gives back.
"""

import argparse
import json
import logging
import resource
import shutil
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Any

LAYERS, WIDTH, HEADS, VOCABULARY = 28, 4096, 16, 50_400  # GPT-J 6B
PROMPT, TOKENS = 4, 4
_BLOCK = 2**24


def main(argv: Sequence[str] | None = None) -> None:
    parser = argparse.ArgumentParser(description="Quantize, load and run GPT-J at its full size.")
    parser.add_argument("--layers", type=int, default=LAYERS, help=f"({LAYERS})")
    parser.add_argument("--width", type=int, default=WIDTH, help=f"({WIDTH})")
    parser.add_argument("--bits", type=int, choices=(8, 4), default=8, help="(8)")
    parser.add_argument("--turns", type=int, default=3, help="of loading and of a raw read (3)")
    parser.add_argument("--folder", type=Path, help="where there is room (the system's own)")
    parser.add_argument("--json", action="store_true", help="answer as JSON")
    parser.add_argument("--part", choices=("build", "load"), help=argparse.SUPPRESS)
    arguments = parser.parse_args(argv)
    if arguments.part:
        part = build if arguments.part == "build" else load
        print(json.dumps(part(arguments)))
        return
    with TemporaryDirectory(prefix="bench-gptj-", dir=arguments.folder) as folder:
        told = measure(arguments, Path(folder))
    print(json.dumps(told, indent=2) if arguments.json else _table(told))


def measure(arguments: argparse.Namespace, folder: Path) -> dict[str, Any]:
    sizes = ["--layers", str(arguments.layers), "--width", str(arguments.width)]
    own = [sys.executable, "-m", "tests.bench_gptj", *sizes, "--folder", str(folder)]
    built = _answer([*own, "--part", "build"])
    quantized = _answer(
        [sys.executable, "-m", "scripts.quantize_model", "--model", str(folder / "plain"), "--out",
         str(folder / "base"), "--bits", str(arguments.bits), "--json"]
    )  # fmt: skip
    shutil.rmtree(folder / "plain")
    loads = [
        (raw_read(folder / "base"), _answer([*own, "--part", "load"]))
        for _ in range(arguments.turns)
    ]
    ratios = [loaded["seconds"] / raw for raw, loaded in loads]
    return {
        "build": built,
        "quantize": quantized,
        "raw_read_seconds": round(median(raw for raw, _ in loads), 2),
        "load": loads[-1][1],
        "load_to_raw_read": round(median(ratios), 3),
    }


def _answer(command: Sequence[str]) -> dict[str, Any]:
    told = subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True)
    answer: dict[str, Any] = json.loads(told.stdout.splitlines()[-1])
    return answer


def build(arguments: argparse.Namespace) -> dict[str, Any]:
    """Write the checkpoint, a shard a layer."""
    import torch
    from safetensors.torch import save_file
    from transformers import GPTJConfig, GPTJForCausalLM

    began, folder = time.monotonic(), arguments.folder / "plain"
    folder.mkdir()
    config = GPTJConfig(
        vocab_size=VOCABULARY, n_embd=arguments.width, n_layer=arguments.layers, n_head=HEADS,
        rotary_dim=64 if arguments.width == WIDTH else 4, tie_word_embeddings=False,
    )  # fmt: skip
    config.save_pretrained(folder)
    with torch.device("meta"):
        shapes = {name: t.shape for name, t in GPTJForCausalLM(config).state_dict().items()}
    torch.manual_seed(1)
    shards: dict[str, dict[str, torch.Size]] = {}
    for name, shape in shapes.items():
        layer = name.split(".")[2] if ".h." in name else "beside the layers"
        shards.setdefault(layer, {})[name] = shape
    weight_map = {}
    for number, shard in enumerate(shards.values()):
        file = f"model-{number:05}.safetensors"
        tensors = {
            n: torch.randn(s, dtype=torch.float32).mul_(0.02).half() for n, s in shard.items()
        }
        save_file(tensors, folder / file, metadata={"format": "pt"})
        weight_map |= dict.fromkeys(shard, file)
    index = {"metadata": {}, "weight_map": weight_map}
    (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    parameters = sum(shape.numel() for shape in shapes.values())
    return {"parameters": parameters, "seconds": round(time.monotonic() - began, 1)}


def raw_read(folder: Path) -> float:
    """Seconds to read every byte of the weights into memory that is there."""
    room = bytearray(_BLOCK)
    began = time.perf_counter()
    for path in sorted(folder.glob("*.safetensors")):
        with path.open("rb", buffering=0) as file:
            while file.readinto(room):
                pass
    return time.perf_counter() - began


def load(arguments: argparse.Namespace) -> dict[str, Any]:
    """Load the quantized model and write with it."""
    logging.getLogger("bitsandbytes").setLevel(logging.ERROR)  # of kernels that are not needed here
    import bitsandbytes  # noqa: F401
    import transformers.models.gptj.modeling_gptj  # noqa: F401

    from bars.checksums import unharmed
    from inference.engine import Engine
    from inference.loading import load_base
    from inference.settings import ServeSettings

    began = time.perf_counter()  # of the weights, not of the libraries
    model = load_base(arguments.folder / "base", ServeSettings())
    seconds = time.perf_counter() - began
    began = time.perf_counter()
    with unharmed(arguments.folder):
        pass
    checked = time.perf_counter() - began
    loaded = _resident()
    engine = Engine(model, None)
    began = time.perf_counter()
    rows = engine.rows(engine.run(engine.read(list(range(PROMPT)))), 1)
    first = time.perf_counter() - began
    written = []
    began = time.perf_counter()
    for _ in range(TOKENS):
        written.append(int(rows.logits[0].argmax()))
        engine.run(engine.append(rows, written[-1:]))
    return {
        "seconds": round(seconds, 2),
        "checksum_seconds": round(checked, 2),
        "resident_bytes": loaded,
        "prompt_seconds": round(first, 2),
        "seconds_a_token": round((time.perf_counter() - began) / TOKENS, 2),
        "written": written,
        "peak_memory_bytes": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024,
    }


def _resident() -> int:
    for line in Path("/proc/self/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) * 1024
    return 0


def _table(told: dict[str, Any]) -> str:
    quantized, loaded = told["quantize"], told["load"]
    return "\n".join(
        [
            f"weights               {quantized['parameters']:>16,}",
            f"built in float16      {told['build']['seconds']:>16} s",
            f"quantized             {quantized['seconds']:>16} s",
            f"  memory at most      {quantized['peak_memory_bytes'] / 1e9:>16.2f} GB",
            f"  on disk             {quantized['bytes'] / 1e9:>16.2f} GB",
            f"raw read              {told['raw_read_seconds']:>16} s",
            f"loaded                {loaded['seconds']:>16} s",
            f"  to a raw read       {told['load_to_raw_read']:>16}",
            f"checksums, beside     {loaded['checksum_seconds']:>16} s",
            f"  resident            {loaded['resident_bytes'] / 1e9:>16.2f} GB",
            f"prompt of {PROMPT} tokens    {loaded['prompt_seconds']:>16} s",
            f"a token               {loaded['seconds_a_token']:>16} s",
            f"  memory at most      {loaded['peak_memory_bytes'] / 1e9:>16.2f} GB",
        ]
    )


if __name__ == "__main__":
    main()
