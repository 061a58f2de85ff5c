import re
from html.parser import HTMLParser

import pytest

from tests.training_job.evaluation_world import written
from training_job.copies import Copies, TrainingBars
from training_job.evaluation_page import SHOWN, evaluation_page, shown_verses
from training_job.evaluation_text import evaluation_table
from training_job.figures import Way, group_json
from training_job.verse_figures import verse_figures
from training_job.verse_listing import listed
from training_job.verse_rhymes import chance_levels

COPIES = Copies(TrainingBars([]), None)
HISTORY = [
    *({"step": step, "loss": 5 - step / 20} for step in range(1, 41)),
    {"step": 40, "valid_loss": 3.5},
]
EMPTY_TAGS = {"meta", "path", "rect", "circle", "br"}


def answer(*verses, trained_on="abc", thresholds=()):
    """An evaluation of some verses of one way."""
    names = list(dict.fromkeys(verse.prompt.name for verse in verses))
    way = str(verses[0].way)
    losses = {"verse": [(30.0, 10), (42.0, 12)], "g2p": [(5.0, 9), (0, 0)]}
    return {
        "model": {"base_model": "tiny", "adapter": "job/adapter", "data_hash": trained_on},
        "data": {"hash": "abc"},
        "settings": {"seed": 1, "temperature": 0.8, "top_p": 0.95},
        "seconds": {"verses": 1.5},
        "groups": {
            "loss": group_json("loss", ["one", "two"], losses),
            way: group_json(way, names, verse_figures(verses, COPIES), chance_levels(verses, 5)),
        },
        "verses": listed(verses, COPIES),
        "thresholds": list(thresholds),
    }


RHYMED = written("It gave some light", "And then it rained", "And I remained")
ASKED = written(
    ("It gave some light", "light"), ("", "two words"), ("And <b>& so</b>", "rain", True),
    way=Way.ASKED,
)  # fmt: skip


class Reader(HTMLParser):
    """Collects tags and text, and checks that every tag is closed."""

    def __init__(self, page):
        super().__init__()
        self.open, self.tags, self.text = [], [], ""
        self.feed(page)

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        if tag not in EMPTY_TAGS:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if tag not in EMPTY_TAGS:
            assert self.open.pop() == tag

    def handle_data(self, data):
        self.text += data


@pytest.mark.parametrize("verse", [RHYMED, ASKED, written("", "", "")])
def test_a_page_is_whole_and_needs_nothing_from_elsewhere(verse):
    page = evaluation_page(answer(verse), HISTORY)

    assert not Reader(page).open
    assert page.endswith("</html>\n")
    assert not re.search(r"https?://|<script|<link|url\(", page)


def test_figures_stand_with_interval_and_chance_level():
    told = answer(RHYMED)
    figure = told["groups"]["plain"]["figures"]["perfect"]

    text = Reader(evaluation_page(told)).text

    assert figure["value"] == 1.0
    assert f"{figure['low']:.3f}-{figure['high']:.3f}" in text
    assert f"{figure['chance']['value']:.3f} (" in text
    assert "100.0%perfect rhymes" in text


def test_rhyming_words_have_one_color():
    page = evaluation_page(answer(RHYMED))

    hues = {word: hue for hue, word in re.findall(r'<b class="rhyme (g\d)">(\w+)</b>', page)}

    assert hues["night"] == hues["light"] != hues["rained"] == hues["remained"]


def test_what_a_model_wrote_is_escaped():
    page = evaluation_page(answer(ASKED))

    assert "<b>&" not in page and "&lt;b&gt;&amp; so&lt;/b&gt;" in page


def test_a_verse_tells_plans_syllables_and_faults():
    text = Reader(evaluation_page(answer(ASKED))).text

    for words in ("proposed: light", "given: rain", "4 / 8", "(nothing)", "empty", "perfect"):
        assert words in text


@pytest.mark.parametrize(("verses", "shown"), [(0, 0), (7, 7), (20, 20), (90, 20)])
def test_20_verses_are_shown_from_the_whole_run(verses, shown):
    chosen = shown_verses(list(range(verses)))

    assert len(chosen) == len(set(chosen)) == shown <= SHOWN
    assert chosen == sorted(chosen) == shown_verses(list(range(verses)))
    assert shown < 20 or {place % 4 for place in chosen} == {0, 1, 2, 3}  # every scheme


def test_there_is_a_plot_where_there_was_a_training():
    with_plot, without = (evaluation_page(answer(RHYMED), history) for history in (HISTORY, []))

    assert with_plot.count("<svg") == without.count("<svg") + 1
    assert 'aria-label="Loss in training, from 4.95 to 3.00"' in with_plot
    assert "Training" not in without


@pytest.mark.parametrize(("trained_on", "warned"), [("abc", False), ("other", True), (None, False)])
def test_other_data_than_those_of_the_training_are_named(trained_on, warned):
    told = answer(RHYMED, trained_on=trained_on)

    assert ("trained on other data" in evaluation_page(told)) is warned
    assert ("trained on other data" in "\n".join(evaluation_table(told))) is warned


def test_missed_thresholds_stand_out():
    missed = {"threshold": "identical<=0.03", "value": 0.5, "kept": False}

    page = evaluation_page(answer(RHYMED, thresholds=[missed]))

    assert "identical&lt;=0.03" in page and '<span class="tag bad">missed</span>' in page


@pytest.mark.parametrize("width", [360, 1200])
def test_no_page_is_wider_than_its_window(browser, width):
    context = browser.new_context(viewport={"width": width, "height": 800})
    page = context.new_page()
    page.set_content(evaluation_page(answer(ASKED), HISTORY))

    widest = page.evaluate("document.documentElement.scrollWidth")
    context.close()

    assert widest <= width
