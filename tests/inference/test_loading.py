"""Any causal LM loads from a model directory: with an adapter, in 8 bits, or with a clear no."""

import json

import pytest

from bars.run import RunRefused
from bars.verse import VerseRequest
from inference.loading import ModelUnusable, load_writer
from inference.settings import ServeSettings, ServeSettingsWrong
from tests.inference.tiny_model import make_model_dir

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
