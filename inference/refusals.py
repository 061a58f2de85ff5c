"""What the engine refuses. Light to import: the port opens before torch is there."""


class TextTooLong(ValueError):
    """A text has more tokens than the model can read."""


class Unsupported(ValueError):
    """The model's attention cannot be replaced; the message says which can."""
