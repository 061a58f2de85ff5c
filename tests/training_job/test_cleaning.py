import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from training_job.cleaning import clean_song, plain_name

ARTIST, TITLE = "The Lamps", "Long Way"
CLEAN = "I took the long way home\nThe river took the rest"


def cleaned(text):
    song = clean_song(ARTIST, TITLE, text)
    return "\n\n".join("\n".join(stanza.lines) for stanza in song.stanzas), song


@pytest.mark.parametrize(
    ("rule", "before", "after"),
    [
        ("title head", f"Long Way Lyrics\n{CLEAN}", CLEAN),
        ("title head", f"Long Way Lyrics[Verse 1]\n{CLEAN}", CLEAN),
        ("title head", f"Long Way Lyrics{CLEAN}", CLEAN),
        ("title head", f"Another Spelling Lyrics\n{CLEAN}", CLEAN),
        ("contributors", f"12 ContributorsLong Way Lyrics[Verse]\n{CLEAN}", CLEAN),
        ("contributors", f"1 ContributorOther Title Lyrics{CLEAN}", CLEAN),
        (
            "translations",
            f"80 ContributorsTranslationsEspañolPortuguêsLong Way Lyrics[Verse]\n{CLEAN}",
            CLEAN,
        ),
        (
            "about the song",
            f"3 ContributorsLong Way Lyrics“Long Way” is about a road… Read More [Verse]\n{CLEAN}",
            CLEAN,
        ),
        ("you might also like", f"{CLEAN}You might also like[Chorus]\nWe go", f"{CLEAN}\n\nWe go"),
        ("you might also like", f"{CLEAN}\nYou might also like\nWe go", f"{CLEAN}\nWe go"),
        ("tickets", f"{CLEAN}\nSee The Lamps Live\nWe go", f"{CLEAN}\nWe go"),
        (
            "tickets",
            f"{CLEAN}\nSee Any Body LiveGet tickets as low as $59You might also like\nWe go",
            f"{CLEAN}\nWe go",
        ),
        (
            "tickets",
            f"{CLEAN}See Any Body LiveGet tickets as low as $59You might also like[Hook]\nWe go",
            f"{CLEAN}\n\nWe go",
        ),
        ("embed", f"{CLEAN}123Embed", CLEAN),
        ("embed", f"{CLEAN}1.2KEmbed\n", CLEAN),
        ("embed", f"{CLEAN}Embed", CLEAN),
        (
            "section marks",
            "[Verse 1: Ann & Bo]\nOne line\n[Chorus]\nTwo lines",
            "One line\n\nTwo lines",
        ),
        ("section marks", "One line\nVerse 2:\nTwo lines", "One line\n\nTwo lines"),
        ("section marks", "One line\n(Chorus)\nTwo lines", "One line\n\nTwo lines"),
        ("section marks", "[Verse 1:\nAnn]\nOne line", "One line"),
        ("section marks", "[The Lamps]\nOne line", "One line"),
        ("credits", "[Produced by Somebody]\nOne line", "One line"),
        ("intros, skits and outros", "[Intro]\nCheck it\n[Verse]\nOne line", "One line"),
        ("intros, skits and outros", "[Verse]\nOne line\n[Skit: Cab]\nHello there", "One line"),
        ("intros, skits and outros", "[Verse]\nOne line\n\n[Outro]\nBye\n\nNow", "One line"),
        (
            "choruses again",
            "[Chorus]\nWe go home\n[Verse]\nOne line\n[Chorus]\nWe go away",
            "We go home\n\nOne line",
        ),
        (
            "ad-libs",
            "I took the long way (yeah)\nAnd home (woo) (uh)",
            "I took the long way\nAnd home",
        ),
        ("ad-libs", "I took the long way\n(Yeah, the long way)", "I took the long way"),
        ("ad-libs", "I took the long way [laughs]", "I took the long way"),
        ("ad-libs", "I took (and took) the way", "I took (and took) the way"),
        ("sounds", "*gunshots* I took the way *door*", "I took the way"),
        ("sounds", "A f**k and a s**t remain", "A f**k and a s**t remain"),
        ("repeats", "I took the long way x2", "I took the long way"),
        ("repeats", "I took the long way (2x)", "I took the long way"),
        ("repeats", "I took the long way [x4]", "I took the long way"),
        ("repeats", "I took the long way (yeah) x2", "I took the long way"),
        ("repeats", "I took the long way\nRepeat Chorus 2x", "I took the long way"),
        ("unheard words", "One line\nI took the [?] way\nTwo lines", "One line\nTwo lines"),
        ("unheard words", "One line\n???\nTwo lines", "One line\nTwo lines"),
        ("unheard words", "One line\nI said ? to the moon", "One line"),
        ("unheard words", "One line\nDo you hear me ?", "One line\nDo you hear me ?"),
        ("unheard words", "One line\nWhat???", "One line\nWhat???"),
        ("HTML entities", "Don&#39;t &amp; won&#x27;t", "Don't & won't"),
        ("HTML", "<i>One</i> line<br/>Two lines<|endoftext|>", "One line\nTwo lines"),
        ("curly quotes", "I’m “home”", 'I\'m "home"'),
        ("invisible characters", "O\u200bne\ufeff li\u00adne\ud800", "One line"),
        ("symbols", "♪ One line ♪ | ~", "One line"),
        ("stanzas again", f"{CLEAN}\n\nOne line\n\n{CLEAN}!", f"{CLEAN}\n\nOne line"),
        ("lines again", "One line\nTwo lines\nOne, line!", "One line\nTwo lines"),
        ("lines without words", "One line\n...\n- ! -\n🔥🔥", "One line"),
        ("lines not in Latin letters", "One line\nпривет мир\n안녕 ok", "One line"),
        ("lines too long", "One line\n" + "la " * 200, "One line"),
    ],
)
def test_what_is_no_lyric_goes_and_is_counted(rule, before, after):
    text, song = cleaned(before)

    assert text == after
    kept = after == before
    assert (song.found[rule] > 0) is (not kept)


@pytest.mark.parametrize(
    "line",
    [
        "You might also like me more",
        "I embed what I said",
        "See me live",
        "I write the lyrics",
        "Repeat after me",
        "Verse after verse I go",
        "Hook me up",
        "Café olé, señor",
        "Me and my 24/7, x-ray",
    ],
)
def test_a_line_that_only_looks_like_a_page_stays(line):
    assert cleaned(f"One line\n{line}")[0] == f"One line\n{line}"


@pytest.mark.parametrize(
    "text",
    [
        "Lyrics for this song have yet to be released. Please check back once the song is out.",
        "[Instrumental]",
        "Instrumental",
    ],
)
def test_a_song_without_lyrics_says_so(text):
    assert clean_song(ARTIST, TITLE, text).flaw == "not released, or instrumental"


def test_a_song_of_which_nothing_is_left_says_so():
    assert clean_song(ARTIST, TITLE, "[Intro]\n(yeah)\n???").flaw == "no line with words"


def test_stanzas_know_their_kind_and_who_performs_them():
    _, song = cleaned("[Verse 1: Ann & Bo]\nOne line\n\n[Pre-Chorus]\nTwo lines\n\nHook: Cy\nThree")

    told = [(stanza.kind, stanza.performers) for stanza in song.stanzas]
    assert told == [("verse", "Ann & Bo"), ("pre-chorus", ""), ("hook", "Cy")]


def test_a_song_with_a_blank_line_after_each_line_is_one_stanza():
    assert cleaned("One\n\nTwo\n\nThree\n\nFour")[0] == "One\nTwo\nThree\nFour"


def test_names_are_one_plain_line():
    assert plain_name(" The\u200b\n“Lamps” &amp; co ") == 'The "Lamps" & co'


@given(st.text(st.sampled_from("ab ([x2])?*\n'\"Lyrics.-—<>|&#39;é\t\u00a0"), max_size=80))
def test_every_line_is_one_line_with_words_and_without_markup(text):
    lines = [line for stanza in cleaned(text)[1].stanzas for line in stanza.lines]

    assert all(line == " ".join(line.split()) for line in lines)
    assert all(any(char.isalnum() for char in line) for line in lines)
    assert not set("<>|") & set("".join(lines))


@pytest.mark.parametrize(
    "piece", ["(", "[", "*", " ", "x2 ", "?", "<", "Lyrics ", "\n ", "See ", "&"]
)
def test_no_text_takes_long(piece):
    began = time.perf_counter()

    clean_song(ARTIST, TITLE, piece * (200_000 // len(piece)))

    assert time.perf_counter() - began < 10  # a quadratic pattern needs minutes
