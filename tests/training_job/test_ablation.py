import json

import pytest

from training_job.ablation import COLUMNS, MIXES, AblationRun, all_runs, flat_figures, table
from training_job.settings import TrainSettings


def test_every_seed_has_every_mix_before_the_next_seed_begins():
    runs = all_runs(2)

    assert [run.seed for run in runs] == [1, 1, 1, 1, 2, 2, 2, 2]
    assert [run.mix for run in runs[:4]] == list(MIXES)
    assert len({run.folder for run in runs}) == 8


@pytest.mark.parametrize("mix", MIXES)
def test_a_mix_is_whole_and_never_teaches_verses_in_two_ways(mix):
    assert sum(MIXES[mix].values()) == pytest.approx(1)
    assert ("verse" in MIXES[mix]) != ("rhyme word first" in MIXES[mix])


def test_a_run_is_a_job_that_the_trainer_takes():
    given = AblationRun("all", 2).hyperparameters("small", 50_000)

    settings = TrainSettings.from_hyperparameters({**given, "shares": json.dumps(given["shares"])})

    assert (settings.max_tokens, settings.seed) == (50_000, 2)
    assert settings.shares == given["shares"]


def test_figures_are_named_in_full_with_their_chance_levels():
    figure = {"value": 0.4, "chance": {"value": 0.03}}
    evaluation = {"groups": {"asked": {"figures": {"perfect": figure}}}}

    assert flat_figures(evaluation) == {"asked.perfect": 0.4, "asked.perfect chance": 0.03}


def test_the_table_has_means_and_spreads_and_a_dash_for_what_was_not_measured():
    rows = {
        "bare": [{"plain.perfect": 0.02}],
        "all": [{"asked.perfect": 0.3}, {"asked.perfect": 0.5}],
    }

    heading, rule, bare, mixed = table(rows)

    assert heading == "| trained on | runs | " + " | ".join(COLUMNS) + " |"
    assert rule.count("---") == len(COLUMNS) + 2
    assert bare.startswith("| bare | 1 | - | - | 0.020 | - |")
    assert mixed.startswith("| all | 2 | - | - | 0.400 ± 0.141 | - |")
