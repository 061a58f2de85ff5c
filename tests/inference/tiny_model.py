"""A tiny GPT-J with random weights and a tokenizer of our own words, made in a second."""

import torch
from peft import LoraConfig, get_peft_model
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, trainers
from transformers import GPTJConfig, GPTJForCausalLM, PreTrainedTokenizerFast

from bars.prompt import examples
from bars.run import Run


def make_tokenizer():
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    alphabet = pre_tokenizers.ByteLevel.alphabet()
    trainer = trainers.BpeTrainer(vocab_size=1200, initial_alphabet=alphabet)
    text = [line for example in examples() for line in ("\n".join(example.bars), *example.bars)]
    tokenizer.train_from_iterator(text * 3, trainer)
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer)


def make_model(vocabulary, layers=2, width=32):
    torch.manual_seed(1)
    config = GPTJConfig(
        vocab_size=vocabulary, n_positions=1024, n_embd=width, n_layer=layers, n_head=2,
        rotary_dim=8,
    )  # fmt: skip
    return GPTJForCausalLM(config)


def make_model_dir(folder, adapter=False, prompt_version=1, tasks=None):
    """A model directory as it lies in S3; returns the folder that holds it as model/."""
    model_dir = folder / "model"
    tokenizer = make_tokenizer()
    model = make_model(len(tokenizer))
    model.save_pretrained(model_dir / "base")
    tokenizer.save_pretrained(model_dir / "base")
    if adapter:
        lora = LoraConfig(r=2, target_modules=["q_proj", "v_proj"], init_lora_weights=False)
        get_peft_model(model, lora).save_pretrained(model_dir / "adapter")
    Run("tiny", "1", prompt_version, tasks=tasks, data_hash="abc").save(model_dir)
    return folder
