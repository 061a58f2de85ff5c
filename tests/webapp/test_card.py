"""The picture of a verse: the same drawing as SVG and as PNG, with letters of its own."""

import io
import unicodedata
from datetime import UTC, datetime
from pathlib import Path

import pytest
from fontTools.ttLib import TTFont
from PIL import Image

import webapp
from bars.events import to_json
from bars.verse import MOST_BARS
from webapp.card import LEAST_HEIGHT, WIDTH, to_svg
from webapp.card_png import to_png
from webapp.composed import read_composed
from webapp.lettering import width, wrap
from webapp.verse_store import StoredVerse

FONTS = Path(webapp.__file__).parent / "fonts"


def verse(bars, topic="rain", scheme="AABB"):
    body = {"request": {"topic": topic, "scheme": scheme}, "bars": bars}
    request, told = read_composed(body)
    now = datetime.now(UTC)
    return StoredVerse("x", request.to_json(), None, list(map(to_json, told)), None, now)


def drawn(bars, **asked):
    return Image.open(io.BytesIO(to_png(to_svg(verse(bars, **asked))))).convert("L")


def ink(picture, box):
    return picture.crop(box).getextrema()[1] > 60  # the paper is darker


def test_a_verse_is_drawn_with_the_letters_that_we_bring():
    picture = drawn(["So late", "Too great"])

    assert (picture.width, picture.height) == (WIDTH, LEAST_HEIGHT)
    assert ink(picture, (70, 50, 300, 150))  # its title
    assert ink(picture, (160, 240, 400, 310))  # its first bar


@pytest.mark.parametrize("weight", ["SemiBold", "Black"])
def test_every_latin_letter_that_a_bar_may_have_can_be_drawn(weight):
    with TTFont(FONTS / f"NotoSansCondensed-{weight}.ttf") as font:
        has = font.getBestCmap()

    latin = [chr(code) for code in range(0x250) if chr(code).isalpha()]
    more = [chr(code) for code in range(0x1E00, 0x1F00)]
    marks = [chr(code) for code in range(0x300, 0x370) if unicodedata.name(chr(code), "")]
    assert [each for each in (*latin, *more, *marks, *"’“”…–—€") if ord(each) not in has] == []
    assert "SIL Open Font License" in (FONTS / "OFL.txt").read_text()


@pytest.mark.parametrize("text", ["W" * 120, "wide WAVES " * 10, "ẾM " * 40])
def test_the_longest_verse_fits(text):
    picture = drawn([text.strip()] * MOST_BARS, topic=text.strip())

    assert picture.width == WIDTH and picture.height < 5500
    assert not ink(picture, (WIDTH - 60, 400, WIDTH, picture.height - 10))


@pytest.mark.parametrize("topic", ["日本", "🔥 fire", "<b>&amp;</b>", "प्यार", "\u202e x", ""])
def test_a_topic_in_other_letters_is_no_error(topic):
    assert drawn(["So late", "Too great"], topic=topic).width == WIDTH


@pytest.mark.parametrize("text", ["", "a", "so it goes and goes", "x" * 50, "W" * 20 + " a b"])
def test_lines_break_without_losing_a_letter(text):
    lines = wrap(text, 5)

    assert "".join(lines).replace(" ", "") == text.replace(" ", "")
    assert all(width(line) <= 5 for line in lines)
