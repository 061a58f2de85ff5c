"""How many bytes of tensors are alive, by what they are for, and how many were at most."""

import weakref
from collections import Counter
from functools import partial
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_leaves

# bytes an element of the result that a kernel of bitsandbytes holds besides, until it is done:
# sums in 32 bits and products in 16
_INSIDE = {"bitsandbytes::int8_scaled_mm": 6}

PARTS = (
    "base_8_bit",
    "base_other",
    "adapter",
    "gradients",
    "optimizer",
    "activations",  # made by the layers on the way forward
    "head",  # made by the head and the loss, forward and backward
    "working",  # made by the layers on the way backward, or by the optimizer's step
)


class StorageCount(TorchDispatchMode):  # type: ignore[no-untyped-call]
    """Counts the bytes of storages from when they are made until they are freed.

    `label` is the part to which what is made now belongs.
    """

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.label = "base_other"
        self.alive = Counter(dict.fromkeys(PARTS, 0))
        self.moments: dict[str, dict[str, int]] = {}
        self._known: dict[int, Any] = {}
        self._most: dict[str, int] = {}

    def begin(self, phase: str, label: str) -> None:
        """Look for the greatest moment of a phase."""
        self.label = label
        self._most = self.moments[phase] = {}

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        made = func(*args, **(kwargs or {}))
        for tensor in tree_leaves(made):
            if isinstance(tensor, torch.Tensor):
                self._meet(tensor.untyped_storage())
        inside = _INSIDE.get(func.name())
        self._compare(inside * made.numel() if inside else 0)
        return made

    def _meet(self, storage: torch.UntypedStorage) -> None:
        key = id(storage)
        if key not in self._known:
            gone = weakref.ref(storage, partial(self._lose, key, self.label, storage.nbytes()))
            self._known[key] = gone
            self.alive[self.label] += storage.nbytes()

    def _lose(self, key: int, label: str, size: int, _: object) -> None:
        del self._known[key]
        self.alive[label] -= size

    def _compare(self, inside: int) -> None:
        if self.alive.total() + inside > sum(self._most.values()):
            self._most.update(self.alive)
            self._most["working"] = self.alive["working"] + inside
