import xml.dom.minidom

import pytest

from bars.picture import group_names, to_html, to_svg, to_terminal
from bars.verse_sound import hear_text

VERSE = "the light of the city is a pretty sight\n<b>Tom & I</b> walk home tonight\n"
TEXTS = [VERSE, "", "привет 😀\n", "a\n\nb"]


@pytest.mark.parametrize("text", TEXTS)
def test_a_drawing_is_well_formed_and_needs_nothing_from_elsewhere(text):
    drawing = to_svg(hear_text(text), "<Verse> & more")

    assert xml.dom.minidom.parseString(drawing).documentElement.tagName == "svg"
    assert "href" not in drawing
    assert "url(" not in drawing


@pytest.mark.parametrize("text", TEXTS)
def test_a_page_has_no_script_and_nothing_from_elsewhere(text):
    page = to_html(hear_text(text), "<Verse>")

    assert "<script" not in page
    assert "http" not in page.replace("http-equiv", "")
    assert "&lt;Verse&gt;" in page
    assert "<b>Tom" not in page


def test_rhymes_are_named_without_color():
    (stanza,) = hear_text(VERSE)
    page = to_html([stanza])

    assert set(group_names(stanza).values()) == {"A", "1"}
    assert "sight<sup>A</sup>" in page
    assert "pretty<sup>1</sup>" in page


def test_a_page_keeps_every_character_of_the_lines():
    page = to_html(hear_text("wait, what? (yeah) \u2014 ok!"))

    for piece in ("wait", ",", "what", "? (", "yeah", "ok", "!"):
        assert piece in page


def test_the_terminal_shows_letters_counts_and_beats():
    told = to_terminal(hear_text(VERSE), colors=False)

    assert [line.split()[0] for line in told.splitlines()] == ["A", "A"]
    assert "\x1b" not in told
    assert "\x1b[1;38;5;" in to_terminal(hear_text(VERSE))
