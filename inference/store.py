"""Keys and values that a model has computed, kept so that they are not computed again."""

from dataclasses import dataclass

import torch

_GROWTH = 64  # tokens by which a store grows


@dataclass(frozen=True)
class Shape:
    """What the keys of a model look like."""

    layers: int
    heads: int  # of keys and values
    size: int  # of one head
    dtype: torch.dtype
    device: torch.device

    def empty(self, rows: int, tokens: int) -> torch.Tensor:
        """Room for keys or values: [layers, heads, rows, tokens, size]."""
        return torch.empty(
            (self.layers, self.heads, rows, tokens, self.size), dtype=self.dtype, device=self.device
        )

    @property
    def bytes_a_token(self) -> int:
        """Of keys and values in all layers."""
        return 2 * self.layers * self.heads * self.size * self.dtype.itemsize


class Store:
    """Keys and values of some rows of equal length, which may grow at their end."""

    def __init__(self, shape: Shape, rows: int, room: int = _GROWTH) -> None:
        self._shape = shape
        self.length = 0
        self._claimed = 0  # tokens that are there or on their way
        self._keys, self._values = shape.empty(rows, room), shape.empty(rows, room)

    def claim(self, begin: int, tokens: int) -> bool:
        """Whether these tokens may be written in place: nothing else goes on after `begin`."""
        free = begin == self._claimed
        self._claimed += tokens if free else 0
        return free

    def rewind(self, length: int) -> None:
        """Forget what comes after so many tokens."""
        self.length = self._claimed = length

    def copy(self, length: int) -> "Store":
        """The first tokens in a store of its own."""
        copied = Store(self._shape, self._keys.shape[2], length + _GROWTH)
        for new, old in ((copied._keys, self._keys), (copied._values, self._values)):
            new[:, :, :, :length] = old[:, :, :, :length]
        copied.length = copied._claimed = length
        return copied

    def keep(self, rows: torch.Tensor) -> None:
        """Go on with these rows only."""
        self._keys, self._values = self._keys[:, :, rows], self._values[:, :, rows]

    def reserve(self, more: int) -> None:
        """Make room for so many tokens after those that are there."""
        room = self._keys.shape[3]
        if self.length + more > room:
            rows, added = self._keys.shape[2], max(more, min(room, _GROWTH))
            self._keys = torch.cat([self._keys, self._shape.empty(rows, added)], dim=3)
            self._values = torch.cat([self._values, self._shape.empty(rows, added)], dim=3)

    def write(self, layer: int, keys: torch.Tensor, values: torch.Tensor) -> None:
        """Put the keys and values [heads, rows, tokens, size] of new tokens at the end.

        `length` is raised by the caller when all layers are written.
        """
        end = self.length + keys.shape[2]
        self._keys[layer, :, :, self.length : end] = keys
        self._values[layer, :, :, self.length : end] = values

    def read(self, layer: int, length: int) -> tuple[torch.Tensor, torch.Tensor]:
        """Keys and values [heads, rows, length, size] of the first tokens."""
        return self._keys[layer, :, :, :length], self._values[layer, :, :, :length]
