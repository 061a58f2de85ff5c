"""GPT-J's architecture, only narrower, on a base of 8 bits: from lessons to what the site shows."""

import shutil

import pytest
import torch
from bitsandbytes.nn import Linear8bitLt
from transformers import GPTJConfig, GPTJForCausalLM

from bars.verse import VerseRequest
from inference.loading import load_writer
from inference.settings import ServeSettings
from tests.inference.tiny_model import make_tokenizer
from tests.training_job.test_train import adapter_hash, losses, run
from tests.training_job.world import Killed, Kills, configure, write_lessons
from training_job.base_model import load_base, load_tokenizer, with_adapter
from training_job.checkpoint import CheckpointStore
from training_job.directories import Directories
from training_job.interruption import Interruption
from training_job.lesson_tokens import encode_lessons, read_lessons
from training_job.metrics import running_mean
from training_job.packing import PackedRows, pack
from training_job.settings import TrainSettings
from training_job.trainer import LessonTrainer, training_arguments

pytestmark = pytest.mark.xdist_group("gptj path")  # the undisturbed run is made once
LAYERS = 4
HOW = {
    "quantization": "int8",
    "gradient_checkpointing": "true",
    "accumulation": "1",
    "max_tokens": "1100",
    "learning_rate": "0.005",
}


def make_gptj_job(root):
    """A job whose base has GPT-J's heads of 256, rotary positions of 64 and everything else."""
    channels = root / "input" / "data"
    write_lessons(channels / "data")
    tokenizer = make_tokenizer()
    torch.manual_seed(1)
    config = GPTJConfig(
        vocab_size=len(tokenizer),
        n_embd=512,
        n_head=2,
        n_layer=LAYERS,
        bos_token_id=None,
        eos_token_id=None,
    )
    GPTJForCausalLM(config).save_pretrained(channels / "base")
    tokenizer.save_pretrained(channels / "base")
    configure(root, **HOW)
    return Directories(root)


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    directories = make_gptj_job(tmp_path_factory.mktemp("undisturbed"))
    assert run(directories)
    return directories


def test_the_loss_falls(undisturbed):
    means = running_mean(sorted(losses(undisturbed).items()))

    assert means[-1][1] < means[0][1] - 0.1


def test_after_a_kill_the_adapter_is_bit_for_bit_the_same(undisturbed, tmp_path):
    directories = make_gptj_job(tmp_path)

    with pytest.raises(Killed):
        run(directories, Kills(5))
    assert run(directories)

    assert adapter_hash(directories) == adapter_hash(undisturbed)
    assert losses(directories) == losses(undisturbed)


def test_every_linear_layer_is_in_8_bits_and_stays_while_its_adapter_learns(undisturbed, tmp_path):
    settings = TrainSettings.from_hyperparameters(undisturbed.hyperparameters())
    model = with_adapter(load_base(undisturbed.channel("base"), settings), settings)
    layers = [module for module in model.modules() if isinstance(module, Linear8bitLt)]
    before = [layer.weight.clone() for layer in layers]
    adapter = [weight for weight in model.parameters() if weight.requires_grad]
    first = [weight.detach().clone() for weight in adapter]

    train_three_steps(model, settings, undisturbed, tmp_path)

    assert len(layers) == 6 * LAYERS
    assert model.get_output_embeddings().weight.dtype is torch.float32
    assert {layer.weight.dtype for layer in layers} == {torch.int8}
    assert all(map(torch.equal, before, [layer.weight for layer in layers]))
    assert len(adapter) == 2 * len(layers)
    assert not any(map(torch.equal, first, adapter))


def train_three_steps(model, settings, directories, folder):
    """One without a learning rate, one for half of the adapter (the other's gradient is 0), one."""
    data = directories.channel("data") / "train.jsonl"
    lessons = encode_lessons(read_lessons(data), load_tokenizer(directories.channel("base")))
    lengths = [lessons.length(i) for i in range(len(lessons))]
    rows = pack(range(len(lessons)), lengths, settings.row_tokens, seed=1)
    LessonTrainer(
        store=CheckpointStore(folder / "checkpoints", {}, 2),
        interruption=Interruption(),
        model=model,
        args=training_arguments(settings, folder, world=1),
        train_dataset=PackedRows(lessons, rows[: 3 * settings.accumulation], settings.row_tokens),
    ).train()


def test_base_and_adapter_are_served_in_8_bits(undisturbed):
    shutil.copytree(undisturbed.channel("base"), undisturbed.model / "base")
    told = []

    writer = load_writer(ServeSettings(undisturbed.root, quantization="int8", rows=2, threads=1))
    request = VerseRequest(topic="rain", bars=2, seed=3)
    writer.engine.run(writer.write(request, "r", told.append))

    assert (told[0].adapter, told[0].prompt_version) == ("abc", 2)
    assert sum(event.event == "bar" for event in told) == 2
