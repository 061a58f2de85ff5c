import pytest

from bars.verse import Alternatives, RequestRefused, VerseRequest

OPENING = "I came up from the bottom with a pen and a plan"


def refused(body):
    with pytest.raises(RequestRefused) as raised:
        VerseRequest.from_json(body)
    return raised.value.problems


def test_an_opening_alone_is_enough():
    request = VerseRequest.from_json({"opening": OPENING})

    assert request.opening == (OPENING,)
    assert (request.bars, request.scheme, request.syllables) == (4, "AABB", "match")


def test_a_topic_alone_is_enough():
    request = VerseRequest.from_json({"topic": "rain"})

    assert (request.topic, request.opening, request.syllables) == ("rain", (), "free")


def test_text_is_split_into_bars_and_tidied():
    request = VerseRequest.from_json({"opening": "  one   night\r\n\n two\tlights \n"})

    assert request.opening == ("one night", "two lights")


def test_a_request_survives_its_own_json():
    request = VerseRequest.from_json(
        {"topic": "rain", "opening": [OPENING], "bars": 8, "scheme": "abab", "seed": 7}
    )

    assert VerseRequest.from_json(request.to_json()) == request


def test_bars_that_are_kept_are_tidied_and_in_order():
    request = VerseRequest.from_json({"keep": {"2": " two  lights ", "0": "one night"}})

    assert request.keep == ((0, "one night"), (2, "two lights"))
    assert request.syllables == "match"


def test_alternatives_are_of_one_bar_among_kept_ones():
    body = {"bars": 2, "keep": {"0": "one night", "1": "two lights"}}

    request = VerseRequest.from_json(body | {"alternatives": {"bar": 1, "count": 3}})

    assert request.alternatives == Alternatives(1, 3)
    assert VerseRequest.from_json(request.to_json()) == request


@pytest.mark.parametrize("opening", ["Señor, déjà vu tonight", "Ça va, naïve façade", "Łódź calls"])
def test_every_latin_letter_may_be_used(opening):
    assert VerseRequest.from_json({"opening": opening}).opening == (opening,)


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ([], "body"),
        ("a verse", "body"),
        (None, "body"),
        ({}, "topic"),
        ({"topic": 5}, "topic"),
        ({"topic": "x" * 121}, "topic"),
        ({"opening": 5}, "opening"),
        ({"opening": [5]}, "opening"),
        ({"opening": {"bar": "one"}}, "opening"),
        ({"opening": ["one two"] * 5, "bars": 8}, "opening"),
        ({"opening": "a" * 121}, "opening"),
        ({"opening": "?!"}, "opening"),
        ({"opening": "привет мир"}, "opening"),
        ({"opening": "夜の街"}, "opening"),
        ({"topic": "t", "bars": 0}, "bars"),
        ({"topic": "t", "bars": 17}, "bars"),
        ({"topic": "t", "bars": 4.5}, "bars"),
        ({"topic": "t", "bars": "4"}, "bars"),
        ({"topic": "t", "bars": True}, "bars"),
        ({"topic": "t", "bars": float("nan")}, "bars"),
        ({"opening": "one\ntwo\nthree\nfour", "bars": 4}, "bars"),
        ({"topic": "t", "scheme": ""}, "scheme"),
        ({"topic": "t", "scheme": "AABBCCDDE"}, "scheme"),
        ({"topic": "t", "scheme": "A1"}, "scheme"),
        ({"topic": "t", "scheme": ["A"]}, "scheme"),
        ({"topic": "t", "syllables": 3}, "syllables"),
        ({"topic": "t", "syllables": 21}, "syllables"),
        ({"topic": "t", "syllables": "many"}, "syllables"),
        ({"topic": "t", "syllables": "match"}, "syllables"),
        ({"topic": "t", "rhyme": "eye"}, "rhyme"),
        ({"topic": "t", "rhyme": "MULTI"}, "rhyme"),
        ({"topic": "t", "temperature": 0}, "temperature"),
        ({"topic": "t", "temperature": 3}, "temperature"),
        ({"topic": "t", "temperature": "hot"}, "temperature"),
        ({"topic": "t", "temperature": float("inf")}, "temperature"),
        ({"topic": "t", "top_p": 0}, "top_p"),
        ({"topic": "t", "top_p": 1.1}, "top_p"),
        ({"topic": "t", "seed": -1}, "seed"),
        ({"topic": "t", "seed": 2**32}, "seed"),
        ({"topic": "t", "seed": "x"}, "seed"),
        ({"topic": "t", "language": "rude"}, "language"),
        ({"topic": "t", "language": 1}, "language"),
        ({"topic": "t", "internal": 1}, "internal"),
        ({"topic": "t", "keep": ["one"]}, "keep"),
        ({"topic": "t", "keep": {"1": 5}}, "keep"),
        ({"topic": "t", "keep": {"4": "one"}}, "keep"),
        ({"topic": "t", "keep": {"-1": "one"}}, "keep"),
        ({"topic": "t", "keep": {"first": "one"}}, "keep"),
        ({"topic": "t", "keep": {"1": "!?"}}, "keep"),
        ({"topic": "t", "keep": {"1": "夜の街"}}, "keep"),
        ({"topic": "t", "keep": {"1": "x" * 121}}, "keep"),
        ({"opening": "one", "keep": {"0": "one"}}, "keep"),
        ({"topic": "t", "bars": 2, "keep": {"0": "one", "1": "two"}}, "keep"),
        ({"topic": "t", "alternatives": {"bar": 1, "count": 2}}, "alternatives"),
        ({"topic": "t", "bars": 1, "alternatives": 3}, "alternatives"),
        ({"topic": "t", "bars": 1, "alternatives": {"bar": 0}}, "alternatives"),
        ({"topic": "t", "bars": 1, "alternatives": {"bar": 1, "count": 2}}, "alternatives"),
        ({"topic": "t", "bars": 1, "alternatives": {"bar": 0, "count": 9}}, "alternatives"),
        ({"topic": "t", "bars": 1, "alternatives": {"bar": "0", "count": 2}}, "alternatives"),
        ({"topic": "t", "sounds": {"deep": "D IY1 P"}}, "sounds"),
        ({"opening": "lluvia", "sounds": ["lluvia"]}, "sounds"),
        ({"opening": "lluvia", "sounds": {"lluvia": 7}}, "sounds"),
        ({"opening": "lluvia", "sounds": {"lluvias": "you via"}}, "sounds"),
        ({"opening": "la lluvia", "sounds": {"la lluvia": "you via"}}, "sounds"),
        ({"opening": "lluvia", "sounds": {"": "you via"}}, "sounds"),
        ({"opening": "lluvia", "sounds": {"lluvia": ""}}, "sounds"),
        ({"opening": "lluvia", "sounds": {"lluvia": "?!"}}, "sounds"),
        ({"opening": "lluvia", "sounds": {"lluvia": "xq"}}, "sounds"),
        ({"opening": "lluvia", "sounds": {"lluvia": "夜の街"}}, "sounds"),
        ({"opening": "lluvia", "sounds": {"lluvia": "Y UW0 V"}, "tempo": 1}, "tempo"),
        ({"opening": "lluvia", "sounds": {"lluvia": "no " * 40}}, "sounds"),
        ({"opening": "lluvia", "sounds": {"lluvia": "K " * 25 + "OW1"}}, "sounds"),
        ({"opening": "a b c d e f g h i", "sounds": dict.fromkeys("abcdefghi", "oh")}, "sounds"),
        ({"topic": "t", "tempo": 90}, "tempo"),
        ({"topic": "t", 5: "x"}, "5"),
    ],
)
def test_a_bad_wish_is_refused_by_its_field(body, field):
    assert [problem.field for problem in refused(body)] == [field]


def test_every_problem_is_told_at_once_with_its_value():
    problems = refused({"bars": 40, "scheme": "?", "temperature": 9, "tempo": 1})

    told = {problem.field: problem.value for problem in problems}
    assert told == {"bars": 40, "scheme": "?", "temperature": 9, "tempo": 1, "topic": ""}
    assert all(problem.message.endswith(".") for problem in problems)


def test_a_long_value_is_repeated_shortened():
    (problem,) = refused({"topic": "t", "scheme": "Z" * 500})

    assert len(problem.value) == 80
