import pytest

from training_job.settings import FREE, TrainSettings, TrainSettingsWrong


def test_strings_become_settings():
    read = TrainSettings.from_hyperparameters(
        {
            "base_model": "small",
            "rank": "8",
            "learning_rate": "1e-3",
            "gradient_checkpointing": "false",
            "shares": '{"verse": 0.75, "g2p": 0.25}',
        }
    )

    assert read == TrainSettings(
        base_model="small",
        rank=8,
        learning_rate=1e-3,
        gradient_checkpointing=False,
        shares={"verse": 0.75, "g2p": 0.25},
    )


@pytest.mark.parametrize(
    ("name", "value", "told"),
    [
        ("rank", "0", "a whole number from 1 to 256"),
        ("rank", "8.5", "a whole number from 1 to 256"),
        ("rank", "", "a whole number"),
        ("learning_rate", "fast", "a number from 1e-08 to 1"),
        ("learning_rate", "nan", "a number"),
        ("dropout", "-0.1", "a number from 0 to 0.9"),
        ("schedule", "square", "cosine or linear or constant"),
        ("quantization", "int3", "auto or none or int8"),
        ("precision", "half", "auto or float32 or bfloat16"),
        ("base_model", " ", "some text"),
        ("gradient_checkpointing", "maybe", "true or false"),
        ("shares", "half", "JSON such as"),
        ("shares", '{"prose": 1}', "of verse, rhyme word first, g2p, p2g, rhyme"),
        ("shares", '{"verse": 2}', "each from 0 to 1"),
        ("shares", '{"verse": 0.5}', "1 in all (it is 0.5)"),
        ("shares", '{"verse": true}', "each from 0 to 1"),
        ("keep_checkpoints", "1", "a whole number from 2 to 1000"),
    ],
)
def test_a_bad_value_is_refused_by_name_with_what_it_must_be(name, value, told):
    with pytest.raises(TrainSettingsWrong) as refused:
        TrainSettings.from_hyperparameters({name: value})

    assert str(refused.value).startswith(f"{name} is {value!r}; it must be ")
    assert told in str(refused.value)


def test_all_problems_are_told_at_once():
    with pytest.raises(TrainSettingsWrong) as refused:
        TrainSettings.from_hyperparameters({"rank": "x", "epochs": "0", "leraning_rate": "1"})

    assert all(name in str(refused.value) for name in ("rank is", "epochs is", "leraning_rate is"))
    assert "known are base_model" in str(refused.value)


def test_what_decides_the_adapter_is_its_identity_and_the_rest_may_change():
    identity = TrainSettings(save_seconds=1, price_per_hour=2.0).identity()

    assert identity == TrainSettings().identity()
    assert not FREE & set(identity)
    assert identity != TrainSettings(seed=2).identity()
