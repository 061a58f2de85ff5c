"""Any causal LM loads from a model directory: with an adapter, in 8 bits, or with a clear no."""

import json
import shutil

import pytest
from transformers import MistralConfig, MistralForCausalLM

from bars.run import Run, RunRefused
from bars.verse import VerseRequest
from inference.loading import ModelUnusable, load_writer
from inference.quantizing import quantize
from inference.settings import ServeSettings, ServeSettingsWrong
from tests.inference.tiny_model import make_model, make_model_dir, make_tokenizer

WISH = VerseRequest(topic="rain", bars=2, seed=3)


def started_by(writer):
    told = []
    writer.engine.run(writer.write(WISH, "r", told.append))
    return told[0]


def bars_by(writer):
    told = []
    writer.engine.run(writer.write(WISH, "r", told.append))
    return [event.text for event in told if event.event == "bar"]


def test_a_gptj_writes_without_an_adapter(tiny_dir):
    started = started_by(load_writer(ServeSettings(tiny_dir, rows=4, threads=1)))

    assert (started.model, started.adapter, started.prompt_version) == ("tiny", None, 1)


def test_a_lora_adapter_changes_what_is_written(tmp_path, tiny_dir):
    adapted = load_writer(ServeSettings(make_model_dir(tmp_path, adapter=True), rows=4, threads=1))
    plain = load_writer(ServeSettings(tiny_dir, rows=4, threads=1))

    assert started_by(adapted).adapter == "abc"
    assert bars_by(adapted) != bars_by(plain)


@pytest.mark.parametrize("adapter", [True, False])
def test_a_base_in_8_bits_writes_on_a_cpu_with_an_adapter_and_without(tmp_path, adapter):
    base = make_model_dir(tmp_path, adapter) / "model" / "base"
    quantize(base, tmp_path / "quantized", 8)
    shutil.rmtree(base)
    (tmp_path / "quantized").rename(base)

    writer = load_writer(ServeSettings(tmp_path, rows=2, threads=1))

    assert started_by(writer).adapter == ("abc" if adapter else None)


@pytest.mark.parametrize("name", ["adapter_config.json", "adapter_model.safetensors"])
def test_an_adapter_without_one_of_its_files_is_refused(tmp_path, name):
    make_model_dir(tmp_path, adapter=True)
    (tmp_path / "model" / "adapter" / name).unlink()

    with pytest.raises(ModelUnusable, match=rf"{name} is missing. Publish the adapter again"):
        load_writer(ServeSettings(tmp_path))


def test_a_model_that_tells_of_an_adapter_is_not_served_without_it(tmp_path):
    make_model_dir(tmp_path)
    Run("tiny", "1", 1, lora={"rank": 2}).save(tmp_path / "model")

    with pytest.raises(ModelUnusable, match="is missing"):
        load_writer(ServeSettings(tmp_path))


@pytest.mark.parametrize("other", [{"layers": 1}, {"layers": 3}, {"width": 48}])
def test_an_adapter_for_another_base_is_refused_in_one_line(tmp_path, other):
    base = make_model_dir(tmp_path, adapter=True) / "model" / "base"
    make_model(len(make_tokenizer()), **other).save_pretrained(base)

    with pytest.raises(ModelUnusable, match=r"does not fit the base model \(.+\)") as refused:
        load_writer(ServeSettings(tmp_path))

    assert "\n" not in str(refused.value)


def test_a_model_whose_attention_has_a_short_window_is_refused(tmp_path):
    tokenizer = make_tokenizer()
    base = make_model_dir(tmp_path) / "model" / "base"
    shutil.rmtree(base)
    config = MistralConfig(
        vocab_size=len(tokenizer), hidden_size=32, intermediate_size=64, num_hidden_layers=1,
        num_attention_heads=2, num_key_value_heads=1, sliding_window=64,
    )  # fmt: skip
    MistralForCausalLM(config).save_pretrained(base)
    tokenizer.save_pretrained(base)

    with pytest.raises(ModelUnusable, match="a short window, which this container does not"):
        load_writer(ServeSettings(tmp_path))


def test_on_a_cpu_layers_are_packed(tiny_dir):
    writer = load_writer(ServeSettings(tiny_dir, rows=2, threads=1))

    kinds = {type(module).__name__ for module in writer.engine._model.modules()}
    assert "PackedLinear" in kinds
    assert "Linear" not in kinds


def test_on_a_cpu_8_bits_are_whole_numbers_all_through(tiny_dir):
    writer = load_writer(ServeSettings(tiny_dir, quantization="int8", rows=2, threads=1))

    kinds = {type(module).__name__ for module in writer.engine._model.modules()}
    assert "IntegerLinear" in kinds
    assert "Linear" not in kinds
    assert started_by(writer).model == "tiny"


def test_an_unknown_prompt_version_is_refused(tmp_path):
    with pytest.raises(RunRefused, match="prompt version 9, and this image speaks 1"):
        run = {"base_model": "tiny", "revision": "1", "prompt_version": 9}
        (tmp_path / "model").mkdir()
        (tmp_path / "model" / "run.json").write_text(json.dumps(run))
        load_writer(ServeSettings(tmp_path))


def test_a_directory_without_a_model_is_refused(tmp_path):
    (tmp_path / "model").mkdir()
    run = {"base_model": "tiny", "revision": "1", "prompt_version": 1}
    (tmp_path / "model" / "run.json").write_text(json.dumps(run))

    with pytest.raises(ModelUnusable, match="holds no model"):
        load_writer(ServeSettings(tmp_path))


def test_broken_weights_are_refused(tmp_path):
    make_model_dir(tmp_path)
    (tmp_path / "model" / "base" / "model.safetensors").write_bytes(b"not weights")

    with pytest.raises(ModelUnusable, match="cannot be loaded"):
        load_writer(ServeSettings(tmp_path))


def test_settings_name_every_problem_at_once():
    env = {"DEEP_HOP_QUANTIZATION": "int3", "DEEP_HOP_ROWS": "0", "SAGEMAKER_BIND_TO_PORT": "x"}

    with pytest.raises(ServeSettingsWrong) as raised:
        ServeSettings.from_env(env)

    assert all(name in str(raised.value) for name in env)
