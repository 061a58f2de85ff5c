"""The same picture as PNG, for what shows no SVG. Its letters come from a font of ours, so that
they need none of the machine's; see fonts/README.md."""

import unicodedata
from functools import lru_cache
from importlib.resources import files

import resvg_py

_FONTS = files("webapp") / "fonts"
_FILES = [str(_FONTS / f"NotoSansCondensed-{weight}.ttf") for weight in ("SemiBold", "Black")]
_SCRIPTS = ("LATIN", "GREEK", "CYRILLIC", "MODIFIER", "FEMININE", "MASCULINE")


@lru_cache(maxsize=16)
def to_png(svg: str) -> bytes:
    """A card drawn by `webapp.card`; what the font has no letter for is left out."""
    drawable = "".join(character for character in svg if _has(character))
    return resvg_py.svg_to_bytes(svg_string=drawable, skip_system_fonts=True, font_files=_FILES)


def _has(character: str) -> bool:
    if character.isalpha():
        return unicodedata.name(character, "").startswith(_SCRIPTS)
    return character < "\u0590" or "\u1dc0" <= character < "\u2200"
