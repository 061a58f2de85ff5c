"""One step of a job on tensors that have a shape and no data: what is alive when most is.

Model, adapter, gradient checkpointing and optimizer are the job's own; every storage that torch
makes is counted until it is freed. Nothing is allocated, and no GPU is needed: tensors pretend to
be the processor's, and what CUDA does otherwise is done as CUDA does it.
"""

from collections import Counter
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch._subclasses.fake_tensor import FakeTensorMode
from torch.autograd.graph import _engine_run_backward
from torch.nn.functional import cross_entropy, dropout, layer_norm, softmax
from torch.overrides import TorchFunctionMode

from training_job.base_model import precision, with_adapter
from training_job.settings import TrainSettings
from training_job.storage_count import StorageCount
from training_job.trainer import training_arguments

_IN_32_BITS = (layer_norm, softmax, torch.pow)  # by CUDA's autocast, not by the processor's
_HALVES = (torch.float16, torch.bfloat16)


@dataclass(frozen=True)
class Rehearsal:
    """What is alive when most is: forward, backward, and in the optimizer's step.

    Each moment gives bytes by what they are for.
    """

    moments: dict[str, dict[str, int]]
    saved: int  # bytes that the layers have saved when the way forward reaches the head
    weights: int  # of the base model
    trained: int


class _AsOnCuda(TorchFunctionMode):
    """Where torch takes another way on CUDA than on the processor, CUDA's."""

    def __torch_function__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        kwargs = kwargs or {}
        if func is dropout and kwargs["training"] and 0 < kwargs["p"] < 1:
            return torch.native_dropout(args[0], kwargs["p"], True)[0]  # its mask has 8 bits
        if func in _IN_32_BITS and torch.is_autocast_enabled("cpu"):
            args = tuple(_in_32_bits(each) for each in args)
            kwargs = {name: _in_32_bits(each) for name, each in kwargs.items()}
        return func(*args, **kwargs)


def _in_32_bits(value: Any) -> Any:
    is_half = isinstance(value, torch.Tensor) and value.dtype in _HALVES
    return value.float() if is_half else value


def rehearse(config: Any, settings: TrainSettings, on_cuda: bool) -> Rehearsal:
    """A step of a model with this configuration of transformers, as a running job takes it."""
    model = _model(config, settings, on_cuda)
    count = StorageCount()
    with ExitStack() as ways:
        ways.enter_context(FakeTensorMode())
        ways.enter_context(count)
        if on_cuda:
            ways.enter_context(_AsOnCuda())
        _give_storage(model, count, on_cuda)
        optimizer = _optimizer(model, count, on_cuda)
        saved = _watch_head(model, count)
        count.begin("forward", "activations")
        loss = _loss(model, settings, on_cuda)
        count.begin("backward", "head")
        _backward(loss)
        del loss  # and with it what its graph holds, as when Trainer's step returns
        count.begin("step", "working")
        optimizer.step()
    sizes = Counter[bool]()
    for weight in model.parameters():
        sizes[weight.requires_grad] += weight.numel()
    return Rehearsal(count.moments, saved[0], weights=sizes[False], trained=sizes[True])


def _model(config: Any, settings: TrainSettings, on_cuda: bool) -> Any:
    """The model with its adapter on the device meta, as base_model makes it from files."""
    import transformers

    auto: Any = transformers.AutoModelForCausalLM
    arguments = training_arguments(settings, Path(), world=1)
    with torch.device("meta"):
        model = auto.from_config(config, dtype=_precision(settings, on_cuda))
        if settings.quantization == "int8" or (settings.quantization == "auto" and on_cuda):
            _quantize(model)
        model = with_adapter(model, settings)
    if arguments.activation_checkpointing:
        model.activation_checkpointing_enable(
            activation_checkpointing_kwargs=arguments.activation_checkpointing_kwargs
        )
    return model.train()


def _precision(settings: TrainSettings, on_cuda: bool) -> torch.dtype:
    """That of a processor, or of a T4, whatever this machine has."""
    if on_cuda and settings.precision == "auto":
        return torch.float16
    return precision(settings, on_gpu=False)


def _quantize(model: Any) -> None:
    import transformers
    from transformers.integrations.bitsandbytes import replace_with_bnb_linear
    from transformers.quantizers.base import get_keys_to_not_convert

    configure: Any = transformers.BitsAndBytesConfig
    kept = get_keys_to_not_convert(model)
    replace_with_bnb_linear(model, kept, configure(load_in_8bit=True), pre_quantized=True)
    model.is_loaded_in_8bit = True


def _give_storage(model: Any, count: StorageCount, on_cuda: bool) -> None:
    """Put tensors that are counted in place of those on the device meta."""
    given: dict[int, torch.nn.Parameter] = {}  # a weight may have several places
    for module in model.modules():
        for name, old in module.named_parameters(recurse=False):
            if id(old) not in given:
                of_base = "base_8_bit" if old.dtype is torch.int8 else "base_other"
                count.label = "adapter" if old.requires_grad else of_base
                empty = torch.empty(old.shape, dtype=old.dtype)
                given[id(old)] = torch.nn.Parameter(empty, requires_grad=old.requires_grad)
            setattr(module, name, given[id(old)])
        for name, old in module.named_buffers(recurse=False):
            setattr(module, name, torch.empty(old.shape, dtype=old.dtype))
        if hasattr(module, "init_8bit_state"):
            count.label = "base_8_bit"
            _give_8_bit_state(module, on_cuda)


def _give_8_bit_state(layer: Any, on_cuda: bool) -> None:
    layer.weight.CB = layer.weight.SCB = None
    layer.state.CB, layer.state.SCB = layer.weight.data, torch.empty(layer.out_features)
    layer.state.threshold = 0.0  # how many columns are outliers, only data tell
    if on_cuda:
        layer.eval()  # bitsandbytes goes CUDA's way then, on a processor too


def _optimizer(model: Any, count: StorageCount, on_cuda: bool) -> torch.optim.Optimizer:
    """AdamW with its state, and gradients, which a step's first batch leaves to the next ones."""
    learned = [weight for weight in model.parameters() if weight.requires_grad]
    count.label = "gradients"
    for weight in learned:
        weight.grad = torch.empty_like(weight)
    optimizer = torch.optim.AdamW(learned, foreach=on_cuda)
    count.label = "optimizer"
    optimizer.step()
    return optimizer


def _watch_head(model: Any, count: StorageCount) -> list[int]:
    """Tell what is made in the head; returns a list that will hold what is saved before it."""
    saved: list[int] = []

    def enter(module: Any, inputs: Any) -> None:
        saved.append(count.alive["activations"])
        count.label = "head"
        if inputs[0].requires_grad:
            inputs[0].register_hook(leave)

    def leave(gradient: torch.Tensor) -> None:
        count.label = "working"

    model.get_output_embeddings().register_forward_pre_hook(enter)
    return saved


def _loss(model: Any, settings: TrainSettings, on_cuda: bool) -> torch.Tensor:
    """As trainer.summed_loss, which looks for the learned tokens: here all are learned."""
    ids = torch.zeros(settings.rows, settings.row_tokens, dtype=torch.long)
    dtype = _precision(settings, on_cuda)
    with torch.autocast("cpu", dtype, enabled=dtype is not torch.float32):
        logits = model(
            input_ids=ids,
            position_ids=torch.zeros_like(ids),
            use_cache=False,
            logits_to_keep=torch.arange(settings.row_tokens),
        ).logits.float()
    return cross_entropy(logits.flatten(0, 1), ids.flatten(), reduction="sum")


def _backward(loss: torch.Tensor) -> None:
    """As loss.backward(), which would leave _AsOnCuda before layers are computed again."""
    _engine_run_backward(
        (loss,), (torch.ones_like(loss),), False, False, (), allow_unreachable=True,
        accumulate_grad=True,
    )  # fmt: skip
