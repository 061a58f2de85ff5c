"""What whoever collects from Genius must have read and accepted, once for each folder."""

from pathlib import Path

_REMEMBERED = ".genius_terms_accepted"
TERMS = """\
Before you collect from Genius

1. Genius's terms of service (https://genius.com/static/terms) forbid "data mining, robots,
   scraping or similar data gathering or extraction methods". An access token is no permission.
2. The rights in the lyrics are not Genius's to give: they belong to songwriters and publishers.
3. You answer for what you collect and for what you do with it, under the law where you are.
4. Publish neither the lyrics nor weights trained on them without the permission of the holders
   of the rights.

You need none of this to train: bring lyrics that are yours with --own.
"""


def accepted(folder: Path) -> bool:
    """Whether these very terms were accepted for this folder."""
    try:
        return (folder / _REMEMBERED).read_text(encoding="utf-8") == TERMS
    except OSError:
        return False


def accept(folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / _REMEMBERED).write_text(TERMS, encoding="utf-8")
