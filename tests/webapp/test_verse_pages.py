"""The page of a verse: downloads, feedback, and who may delete it."""

import json
import re
import xml.etree.ElementTree as ElementTree
from argparse import Namespace
from types import SimpleNamespace

import pytest

from bars.verse import VerseRequest
from scripts.export_feedback import export
from tests.webapp.site import OPENING, WRITTEN, Visitor
from training_job.songs import Song, read_records
from webapp.verse_store import VerseStore

WISH = {"opening": [OPENING], "bars": 4, "scheme": "AABB", "topic": "<b>rain & shine</b>"}


@pytest.fixture
def address(visitor, ready):
    """Of a verse that the visitor had written."""
    told = visitor.client.post("/api/verses", json=WISH).text
    return json.loads(told.strip().rpartition("data: ")[2])["url"]


def test_a_verse_is_downloaded_as_text(visitor, address):
    answer = visitor.client.get(f"{address}.txt")

    assert answer.text.splitlines() == [OPENING, *WRITTEN]
    assert "verse.txt" in answer.headers["Content-Disposition"]


def test_a_verse_is_downloaded_as_a_picture(visitor, address):
    answer = visitor.client.get(f"{address}.svg")

    drawn = ElementTree.fromstring(answer.data)
    words = " ".join("".join(text.itertext()) for text in drawn.iter() if text.tag.endswith("text"))
    assert answer.mimetype == "image/svg+xml"
    assert "<b>rain & shine</b>" in words and "different man" in " ".join(words.split())
    ends = [end for end in drawn.iter() if end.tag.endswith("tspan") and end.text]
    assert len({end.get("fill") for end in ends}) == 2
    assert all(end.get("text-decoration") == "underline" for end in ends)


def test_a_shared_address_shows_its_card(visitor, address):
    page = visitor.client.get(address).text
    shared = re.search(r'property="og:image" content="([^"]+)"', page)[1]

    answer = visitor.client.get(shared)

    assert shared == f"http://localhost{address}.png"
    assert (answer.status_code, answer.mimetype) == (200, "image/png")
    assert answer.data.startswith(b"\x89PNG")
    assert '<meta property="og:title" content="&lt;b&gt;rain &amp; shine&lt;/b&gt;' in page


@pytest.mark.parametrize("ending", ["", ".txt", ".svg", ".png"])
def test_a_verse_that_is_not_there_has_no_page(visitor, ending):
    assert visitor.client.get(f"/verses/nothing{ending}").status_code == 404


def test_feedback_is_kept_with_what_wrote_the_verse(visitor, site, address):
    answer = visitor.send(f"{address}/feedback", form_on=address, thumb="up", text=" so  good ")

    assert answer.status_code == 303
    assert "Thank you" in visitor.client.get(answer.location).text
    (word,) = site.world.feedback.all()
    assert (word.thumb, word.text, word.bars[1]) == ("up", "so good", WRITTEN[0])
    assert (word.start["model"], word.request["scheme"]) == ("fake", "AABB")


def test_a_browser_has_one_word_on_a_verse(visitor, site, address):
    visitor.send(f"{address}/feedback", form_on=address, thumb="up")
    visitor.send(f"{address}/feedback", form_on=address, thumb="down", text="on second thoughts")
    Visitor(site.app).send(f"{address}/feedback", form_on=address, thumb="up")

    assert sorted(word.thumb for word in site.world.feedback.all()) == ["down", "up"]


@pytest.mark.parametrize("wrong", [{}, {"thumb": "sideways"}, {"thumb": "up", "text": "x" * 501}])
def test_feedback_that_is_none_is_refused(visitor, site, address, wrong):
    form = visitor.send(f"{address}/feedback", form_on=address, **wrong)
    headers = {"X-CSRFToken": visitor.token(address)}
    over_json = visitor.client.post(f"/api{address}/feedback", json=wrong, headers=headers)

    assert (form.status_code, over_json.status_code) == (400, 400)
    assert list(site.world.feedback.all()) == []


def test_feedback_over_json(visitor, site, address):
    headers = {"X-CSRFToken": visitor.token(address)}
    answer = visitor.client.post(f"/api{address}/feedback", json={"thumb": "up"}, headers=headers)

    assert answer.status_code == 204
    assert len(list(site.world.feedback.all())) == 1


def test_liked_verses_become_songs_that_training_reads(visitor, site, address, tmp_path, tables):
    visitor.send(f"{address}/feedback", form_on=address, thumb="up")
    target = SimpleNamespace(
        aws=SimpleNamespace(table=lambda name: tables[name.rpartition("-")[2]]),
        settings=SimpleNamespace(prefix="hop"),
    )
    out = tmp_path / "songs.jsonl"

    export(target, Namespace(out=out, songs=True))
    (song,) = read_records(out, Song)
    assert song.text.splitlines() == [OPENING, *WRITTEN]
    export(target, Namespace(out=out, songs=False))
    assert json.loads(out.read_text())["thumb"] == "up"


def test_the_browser_that_had_it_written_deletes_it(visitor, address):
    assert "Delete this verse" in visitor.client.get(address).text

    visitor.send(f"{address}/delete", form_on=address)

    assert visitor.client.get(address).status_code == 404


def test_nobody_else_deletes_it(visitor, site, address):
    other = Visitor(site.app)
    assert "Delete this verse" not in other.client.get(address).text

    assert other.send(f"{address}/delete", form_on=address).status_code == 403
    headers = {"X-CSRFToken": other.token(address)}
    assert other.client.delete(f"/api{address}", headers=headers).status_code == 403
    assert visitor.client.delete(f"/api{address}").status_code == 400  # without its token
    assert visitor.client.get(address).status_code == 200


def test_a_host_deletes_any_and_it_is_written_down(host, site, address):
    headers = {"X-CSRFToken": host.token("/host")}

    assert host.client.delete(f"/api{address}", headers=headers).status_code == 204
    assert site.world.audit.newest()[0].what == "deleted a verse"


def test_who_had_it_written_is_told_to_nobody(visitor, address, tables):
    told = visitor.client.get(f"/api{address}").json

    assert "owner" not in told
    (item,) = tables["verses"].scan()["Items"]
    assert item["owner"] and item["owner"] not in str(told)


def test_a_verse_of_the_first_version_is_still_read(visitor, tables):
    request = VerseRequest.from_json({"topic": "rain"}).to_json()
    body = {"request": request, "start": None, "bars": [], "verse": None}
    when = "2026-06-01T12:00:00+00:00"
    item = {"id": "old", "version": 1, "written": when, "body": json.dumps(body)}
    tables["verses"].put_item(Item=item)

    found = VerseStore(tables["verses"]).load("old")

    assert (found.request["topic"], found.owner) == ("rain", "")


def test_what_is_stored_is_told(visitor):
    assert "90 days" in visitor.client.get("/privacy").text
