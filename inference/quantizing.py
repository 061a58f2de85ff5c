"""A checkpoint in 8 or 4 bits, made shard by shard, so that little memory is enough.

Weights of linear layers become what bitsandbytes makes of them (LLM.int8, Dettmers et al. 2022, or
NF4, Dettmers et al. 2023), all else float16. What is written loads as any quantized checkpoint of
transformers. A run that was stopped goes on after its last whole shard.
"""

import hashlib
import json
import os
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import save_file

from bars.checksums import write_checksums
from inference.checkpoint_files import CheckpointUnusable, Opened, Weight, weights_of

SHARD_BYTES = 500_000_000
_ALONGSIDE = ("*.json", "*.txt", "*.model")  # tokenizer and settings
_NOT_COPIED = ("config.json", "model.safetensors.index.json", "pytorch_model.bin.index.json")
_RECORD = "quantizing.json"  # in an unfinished folder
_CHECKED_ROWS = 16
_NF4_BLOCK = 64  # weights
_NF4_STEP = 0.2  # of the largest weight: more than half the widest gap between two levels
_NOT_AS_BEFORE = "{} is not what it was after quantizing. Run the command again."
Watch = Callable[[int], object]  # hears how many weights are done


@dataclass
class Record:
    """What has been written so far: each shard with its tensors and its hash."""

    source: str
    bits: int
    shards: dict[str, dict[str, Any]] = field(default_factory=dict)

    @classmethod
    def load(cls, folder: Path) -> "Record | None":
        try:
            return cls(**json.loads((folder / _RECORD).read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def save(self, folder: Path) -> None:
        unfinished = folder / f"{_RECORD}.unfinished"
        unfinished.write_text(json.dumps(self.__dict__), encoding="utf-8")
        os.replace(unfinished, folder / _RECORD)

    def has(self, folder: Path, name: str) -> bool:
        """Whether a shard is there as it was written."""
        with suppress(OSError):
            return name in self.shards and self.shards[name]["sha256"] == _hash(folder / name)
        return False


def shards_of(
    weights: Sequence[Weight], bits: int, shard_bytes: int = SHARD_BYTES
) -> list[list[Weight]]:
    """The weights in groups that become one shard each."""
    shards: list[list[Weight]] = [[]]
    filled = 0
    for weight in weights:
        size = weight.bytes_in(bits)
        if shards[-1] and filled + size > shard_bytes:
            shards.append([])
            filled = 0
        shards[-1].append(weight)
        filled += size
    return shards


def quantize(
    source: Path,
    out: Path,
    bits: int,
    watch: Watch = lambda _: None,
    shard_bytes: int = SHARD_BYTES,
) -> int:
    """Write a checkpoint in so many bits; returns its bytes. Nothing stands at `out` before the
    end."""
    weights = weights_of(source)
    unfinished = out.with_name(out.name + ".unfinished")
    if out.exists():
        raise CheckpointUnusable(f"{out} is there already. Name another folder, or remove it.")
    unfinished.mkdir(parents=True, exist_ok=True)
    record = Record.load(unfinished)
    if record is None or (record.source, record.bits) != (_identity(source, weights), bits):
        shutil.rmtree(unfinished)
        unfinished.mkdir()
        record = Record(_identity(source, weights), bits)
    shards = shards_of(weights, bits, shard_bytes)
    need = sum(weight.bytes_in(bits) for weight in weights)
    done = sum(path.stat().st_size for path in unfinished.glob("model-*.safetensors"))
    if (free := shutil.disk_usage(unfinished).free) < need - done + shard_bytes:
        raise CheckpointUnusable(
            f"{out.parent} has {free // 10**6:,} MB left and {(need - done) // 10**6:,} MB are "
            "needed. Make room, or name another folder."
        )
    for number, shard in enumerate(shards, 1):
        name = f"model-{number:05}-of-{len(shards):05}.safetensors"
        if not record.has(unfinished, name):
            tensors = {key: value for w in shard for key, value in _written(source, w, bits, watch)}
            _save(tensors, unfinished / name)
            record.shards[name] = {"sha256": _hash(unfinished / name), "tensors": list(tensors)}
            record.save(unfinished)
        else:
            watch(sum(weight.count for weight in shard))
    return _finish(source, unfinished, out, record)


def _written(
    source: Path, weight: Weight, bits: int, watch: Watch
) -> Iterator[tuple[str, torch.Tensor]]:
    """The tensors that one weight becomes."""
    with Opened(source / weight.file) as file:
        tensor = file.tensor(weight.name)
        if tuple(tensor.shape) != weight.shape:
            raise CheckpointUnusable(
                f"{weight.name} is of shape {tuple(tensor.shape)}, and the model's is "
                f"{weight.shape}. Fetch the checkpoint again."
            )
        plain = tensor.to(torch.float16, copy=True).contiguous()
        del tensor
    if not bool(plain.isfinite().all()):
        raise CheckpointUnusable(f"{weight.name} has numbers that float16 cannot hold.")
    if not weight.linear:
        yield weight.name, plain
    else:
        yield from (_int8 if bits == 8 else _nf4)(weight.name, plain)
    watch(weight.count)


def _int8(name: str, plain: torch.Tensor) -> Iterator[tuple[str, torch.Tensor]]:
    """Rows scaled by their largest weight; checked at some rows."""
    from bitsandbytes.functional import int8_vectorwise_quant

    rows, scales, _ = int8_vectorwise_quant(plain)
    some = torch.linspace(0, len(plain) - 1, min(_CHECKED_ROWS, len(plain))).long()
    again = rows[some].float() * scales[some, None] / 127
    if bool(((again - plain[some].float()).abs() > scales[some, None] / 127).any()):
        raise CheckpointUnusable(_NOT_AS_BEFORE.format(name))
    module = name.removesuffix(".weight")
    yield name, rows
    yield f"{module}.SCB", scales
    yield f"{module}.weight_format", torch.tensor(0, dtype=torch.uint8)  # row by row


def _nf4(name: str, plain: torch.Tensor) -> Iterator[tuple[str, torch.Tensor]]:
    """Blocks of weights scaled by their largest; checked where rows are whole blocks, without which
    bitsandbytes cannot go back on a processor."""
    from bitsandbytes.functional import dequantize_4bit, quantize_4bit

    packed, state = quantize_4bit(
        plain, blocksize=_NF4_BLOCK, compress_statistics=True, quant_type="nf4"
    )
    if plain.shape[-1] % _NF4_BLOCK == 0:
        off = (dequantize_4bit(packed, state) - plain).abs().amax()
        if bool(off > _NF4_STEP * plain.abs().amax()):
            raise CheckpointUnusable(_NOT_AS_BEFORE.format(name))
    yield name, packed
    for key, value in state.as_dict(packed=True).items():
        yield f"{name}.{key}", value


def _save(tensors: dict[str, torch.Tensor], path: Path) -> None:
    unfinished = path.with_name(path.name + ".unfinished")
    try:
        save_file(tensors, unfinished, metadata={"format": "pt"})
    except SafetensorError as error:
        raise CheckpointUnusable(f"{path} cannot be written ({error}). Make room.") from error
    os.replace(unfinished, path)


def _finish(source: Path, unfinished: Path, out: Path, record: Record) -> int:
    """Settings, index and tokenizer beside the shards; then the folder gets its name."""
    files = {name for name in record.shards}
    weight_map = {key: name for name in sorted(files) for key in record.shards[name]["tensors"]}
    size = sum((unfinished / name).stat().st_size for name in files)
    index = {"metadata": {"total_size": size}, "weight_map": weight_map}
    _write_json(unfinished / "model.safetensors.index.json", index)
    settings = json.loads((source / "config.json").read_text(encoding="utf-8"))
    settings |= {"dtype": "float16", "quantization_config": _settings(record.bits, settings)}
    settings.pop("torch_dtype", None)
    _write_json(unfinished / "config.json", settings)
    for path in (path for pattern in _ALONGSIDE for path in source.glob(pattern)):
        if path.name not in _NOT_COPIED:
            shutil.copy2(path, unfinished / path.name)
    write_checksums(unfinished, (unfinished / name for name in files))
    os.replace(unfinished, out)
    (out / _RECORD).unlink()
    return size


def _settings(bits: int, config: dict[str, Any]) -> dict[str, Any]:
    """What transformers has to know of the quantized weights."""
    import transformers

    configure: Any = transformers.BitsAndBytesConfig
    skipped = ["lm_head"] if config.get("tie_word_embeddings") else []
    if bits == 8:
        made = configure(load_in_8bit=True, llm_int8_skip_modules=skipped)
    else:
        made = configure(
            load_in_4bit=True, bnb_4bit_quant_type="nf4", bnb_4bit_use_double_quant=True,
            bnb_4bit_compute_dtype=torch.float16, llm_int8_skip_modules=skipped,
        )  # fmt: skip
    found: dict[str, Any] = made.to_dict()
    return found


def _write_json(path: Path, body: dict[str, Any]) -> None:
    path.write_text(json.dumps(body, indent=2) + "\n", encoding="utf-8")


def _identity(source: Path, weights: Sequence[Weight]) -> str:
    """What tells a checkpoint from another: its files, their sizes and their times."""
    files = sorted({weight.file for weight in weights})
    stats = [(name, (source / name).stat()) for name in files]
    told = "".join(f"{name} {stat.st_size} {stat.st_mtime_ns}\n" for name, stat in stats)
    return hashlib.sha256(f"{source.resolve()}\n{told}".encode()).hexdigest()


def _hash(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()
