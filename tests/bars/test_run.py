import json

import pytest

from bars.run import Run, RunRefused

RUN = Run("EleutherAI/gpt-j-6b", "main", 1, lora={"r": 16}, scores={"perfect": 0.9})


def test_a_run_is_read_back_as_it_was_written(tmp_path):
    RUN.save(tmp_path)

    assert Run.load(tmp_path) == RUN


def test_an_unknown_prompt_version_is_refused_with_those_we_speak(tmp_path):
    (tmp_path / "run.json").write_text(
        json.dumps({"base_model": "m", "revision": "r", "prompt_version": 99})
    )

    with pytest.raises(RunRefused, match="version 99, and this image speaks 1"):
        Run.load(tmp_path)


@pytest.mark.parametrize("text", ["", "{", "[]", '{"base_model": "m"}'])
def test_a_run_file_that_says_nothing_is_refused(tmp_path, text):
    (tmp_path / "run.json").write_text(text)

    with pytest.raises(RunRefused, match="Publish the model again"):
        Run.load(tmp_path)


def test_a_missing_run_file_is_refused(tmp_path):
    with pytest.raises(RunRefused, match="run.json is missing"):
        Run.load(tmp_path)


@pytest.mark.parametrize(
    ("tasks", "named"),
    [(None, False), ({"verse": 1.0}, False), ({"rhyme word first": 0.6, "g2p": 0.4}, True)],
)
def test_plans_name_end_words_if_the_model_has_learned_it(tasks, named):
    assert Run("m", "r", 2, tasks=tasks).plans_end_words is named
