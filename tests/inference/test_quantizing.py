"""Quantizing shard by shard gives what quantizing in memory gives, and survives a kill."""

import json
import shutil

import pytest
import torch
from safetensors.torch import load_file
from transformers import (
    AutoModelForCausalLM,
    BitsAndBytesConfig,
    GPTJConfig,
    GPTJForCausalLM,
    T5Config,
)

from inference.checkpoint_files import CheckpointUnusable, weights_of
from inference.quantizing import quantize, shards_of
from tests.inference.tiny_model import make_model, make_tokenizer


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory):
    folder = tmp_path_factory.mktemp("checkpoint")
    tokenizer = make_tokenizer()
    make_model(len(tokenizer)).save_pretrained(folder, max_shard_size="100KB")
    tokenizer.save_pretrained(folder)
    return folder


SMALL = 40_000  # bytes of a shard, so that there are many


def tensors_of(folder):
    index = json.loads((folder / "model.safetensors.index.json").read_text())["weight_map"]
    return {name: load_file(folder / file)[name] for name, file in index.items()}


def loaded(folder, **more):
    return AutoModelForCausalLM.from_pretrained(folder, dtype=torch.float16, **more)


def test_the_shards_are_what_bitsandbytes_makes_in_memory(checkpoint, tmp_path):
    config = BitsAndBytesConfig(load_in_8bit=True, llm_int8_skip_modules=[])
    loaded(checkpoint, quantization_config=config).save_pretrained(tmp_path / "memory")

    quantize(checkpoint, tmp_path / "shards", 8, shard_bytes=SMALL)

    expected = load_file(tmp_path / "memory" / "model.safetensors")
    found = tensors_of(tmp_path / "shards")
    assert found.keys() == expected.keys()
    assert all(torch.equal(found[name], expected[name]) for name in expected)
    assert found["lm_head.weight"].dtype is torch.int8
    assert len(list((tmp_path / "shards").glob("*.safetensors"))) > 2


@pytest.fixture(scope="module")
def wider(tmp_path_factory):
    """A model of whole blocks of weights, as 4 bits need them on a processor."""
    folder = tmp_path_factory.mktemp("wider")
    torch.manual_seed(1)
    GPTJForCausalLM(
        GPTJConfig(vocab_size=192, n_positions=64, n_embd=64, n_layer=2, n_head=2, rotary_dim=8)
    ).save_pretrained(folder)
    return folder


def test_a_model_that_writes_nothing_on_is_refused(tmp_path):
    T5Config(vocab_size=64, d_model=32, num_layers=1, num_heads=2).save_pretrained(tmp_path)

    with pytest.raises(CheckpointUnusable, match="a t5, which is no causal language model"):
        weights_of(tmp_path)


@pytest.mark.parametrize(("bits", "nearness"), [(8, 0.99), (4, 0.95)])
def test_a_quantized_model_loads_and_says_nearly_the_same(wider, tmp_path, bits, nearness):
    quantize(wider, tmp_path / "out", bits)
    ids = torch.arange(2, 40)[None]

    with torch.inference_mode():
        plain = loaded(wider).float()(input_ids=ids).logits
        small = loaded(tmp_path / "out")(input_ids=ids).logits.float()

    assert torch.cosine_similarity(plain, small, dim=-1).min() > nearness


def test_the_tokenizer_comes_with_it(checkpoint, tmp_path):
    quantize(checkpoint, tmp_path / "out", 8)

    assert (tmp_path / "out" / "tokenizer.json").is_file()
    assert not list((tmp_path / "out").glob("*unfinished*"))
    assert not (tmp_path / "out" / "quantizing.json").exists()


class Killed(Exception):
    pass


def stop_after(weights):
    """A watcher that ends the run when so many weights have been done."""
    seen = []

    def watch(count):
        seen.append(count)
        if len(seen) > weights:
            raise Killed

    return watch


def test_a_run_that_was_stopped_goes_on_after_its_last_whole_shard(checkpoint, tmp_path):
    with pytest.raises(Killed):
        quantize(checkpoint, tmp_path / "out", 8, stop_after(12), SMALL)
    kept = sorted((tmp_path / "out.unfinished").glob("model-*.safetensors"))
    times = [path.stat().st_mtime_ns for path in kept]

    quantize(checkpoint, tmp_path / "out", 8, shard_bytes=SMALL)

    quantize(checkpoint, tmp_path / "whole", 8)
    again = [(tmp_path / "out" / path.name).stat().st_mtime_ns for path in kept]
    assert kept and again == times
    expected, found = tensors_of(tmp_path / "whole"), tensors_of(tmp_path / "out")
    assert all(torch.equal(found[name], expected[name]) for name in expected)


@pytest.mark.parametrize("damage", ["cut", "flipped", "other bits"])
def test_what_does_not_verify_is_made_anew(checkpoint, tmp_path, damage):
    bits = 4 if damage == "other bits" else 8
    with pytest.raises(Killed):
        quantize(checkpoint, tmp_path / "out", bits, stop_after(12), SMALL)
    first = min((tmp_path / "out.unfinished").glob("model-*.safetensors"))
    body = bytearray(first.read_bytes())
    body[-1] ^= 1
    first.write_bytes(body[:-8] if damage == "cut" else body)

    quantize(checkpoint, tmp_path / "out", 8, shard_bytes=SMALL)

    quantize(checkpoint, tmp_path / "whole", 8)
    expected, found = tensors_of(tmp_path / "whole"), tensors_of(tmp_path / "out")
    assert all(torch.equal(found[name], expected[name]) for name in expected)


def test_old_checkpoints_of_pickled_tensors_are_read_too(checkpoint, tmp_path):
    old = tmp_path / "old"
    old.mkdir()
    shutil.copy(checkpoint / "config.json", old)
    torch.save(tensors_of(checkpoint), old / "pytorch_model.bin")

    quantize(old, tmp_path / "out", 8)
    quantize(checkpoint, tmp_path / "whole", 8)

    expected, found = tensors_of(tmp_path / "whole"), tensors_of(tmp_path / "out")
    assert all(torch.equal(found[name], expected[name]) for name in expected)


def spoiled(checkpoint, folder, how):
    shutil.copytree(checkpoint, folder)
    shards = sorted(folder.glob("model-*.safetensors"))
    if how == "no config":
        (folder / "config.json").unlink()
    elif how == "no weights":
        for path in folder.glob("model*"):
            path.unlink()
    elif how == "a shard is missing":
        shards[0].unlink()
    elif how == "a shard is cut":
        shards[0].write_bytes(shards[0].read_bytes()[:50])
    elif how == "a tensor is missing":
        index = json.loads((folder / "model.safetensors.index.json").read_text())
        del index["weight_map"]["lm_head.weight"]
        (folder / "model.safetensors.index.json").write_text(json.dumps(index))
    return folder


@pytest.mark.parametrize(
    ("how", "said"),
    [
        ("no config", "no usable config.json"),
        ("no weights", "neither safetensors nor pytorch_model.bin"),
        ("a shard is missing", "00001-of-00003.safetensors is missing"),
        ("a shard is cut", "cannot be read"),
        ("a tensor is missing", "lacks 1 tensors of its model, lm_head.weight among them"),
    ],
)
def test_a_checkpoint_that_is_not_whole_is_refused_in_words(checkpoint, tmp_path, how, said):
    with pytest.raises(CheckpointUnusable, match=said):
        quantize(spoiled(checkpoint, tmp_path / "spoiled", how), tmp_path / "out", 8)

    assert not (tmp_path / "out").exists()


def test_what_is_quantized_already_is_refused(checkpoint, tmp_path):
    quantize(checkpoint, tmp_path / "out", 8)

    with pytest.raises(CheckpointUnusable, match="quantized already"):
        quantize(tmp_path / "out", tmp_path / "again", 8)


def test_nothing_is_overwritten(checkpoint, tmp_path):
    (tmp_path / "out").mkdir()

    with pytest.raises(CheckpointUnusable, match="is there already"):
        quantize(checkpoint, tmp_path / "out", 8)


def test_shards_hold_every_weight_once(checkpoint):
    weights = weights_of(checkpoint)

    assert [weight for shard in shards_of(weights, 8) for weight in shard] == weights
