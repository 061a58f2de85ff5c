import pytest
from hypothesis import given
from hypothesis import strategies as st

from bars.numerals import cardinal
from bars.spoken import Token, spoken, tokens_of

TABLE = """
hello        hello
Don't        don't
gon'         gon'
ridin’       ridin'
'cause       'cause
‘em          'em
'hello'      hello
‘bye’        bye
hip-hop      hip hop
and/or       and or
Jay-Z        jay z.
A-list       a. list
rock-a-bye   rock a bye
Beyoncé      beyonce
Cafe\u0301   cafe
Straße       strasse
Łódź         lodz
ｆｕｌｌ     full
I            i
a            a
X            x.
B            b.
NYC          n. y. c.
nyc          n. y. c.
N.W.A.       n. w. a.
U.S.A.       u. s. a.
U.S.A.'s     u. s. a.'s
M.C.         m. c.
a.m.         a. m.
USA          u. s. a.
LA           l. a.
La           la
UK           u. k.
ATL          a. t. l.
BMW          b. m. w.
DJ           d. j.
DJs          d. j.'s
MC's         m. c.'s
Gs           g.'s
G's          g.'s
TV           t. v.
PhD          p. h. d.
VIP          v. i. p.
OG           o. g.
ESPN         e. s. p. n.
NAACP        n. a. a. c. p.
YSL          y. s. l.
US           u. s.
AC/DC        a. c. d. c.
R&B          r. and b.
NASA         nasa
FUBU         fubu
OPEC         opec
ASAP         asap
GOAT         goat
YEAH         yeah
WHAT         what
THIS         this
NIGHT        night
BIRTH        birth
BOYS         boys
SKRT         skrt
SHH          shh
AK-47        a. k. forty seven
AK47         a. k. forty seven
AK47s        a. k. forty sevens
AR-15        a. r. fifteen
2Pac         two pac
2Pac's       two pac's
2pac         two pac
50Cent       fifty cent
A$AP         a. sap
Ke$ha        kesha
$ign         sign
P.S.         p. s.
B2K          b. two k.
Y2K          y. two k.
UB40         u. b. forty
mp3          m. p. three
mp3s         m. p. threes
U2           u. two
E-40         e. forty
M16          m. sixteen
3D           three d.
K9           k. nine
4ever        four ever
9to5         nine to five
9-5          nine to five
gr8          great
4/20         four twenty
24/7         twenty four seven
24/7/365     twenty four seven three sixty five
9/11         nine eleven
7-11         seven eleven
1/2          one half
½            one half
1½           one one half
3/4          three quarters
2/3          two thirds
6/8          six eight
4:20         four twenty
12:05        twelve oh five
3:00         three o'clock
12:00        twelve o'clock
3:00pm       three p. m.
5:30am       five thirty a. m.
3am          three a. m.
6'4          six four
6'4"         six four
4x4          four by four
4×4          four by four
9mm          nine millimeter
1oz          one ounce
100mph       one hundred miles an hour
1998         nineteen ninety eight
1905         nineteen oh five
2000         two thousand
2004         two thousand four
2015         twenty fifteen
1900         nineteen hundred
3500         thirty five hundred
1001         one thousand one
'98          ninety eight
’05          oh five
90s          nineties
'90s         nineties
90's         nineties
1990s        nineteen nineties
mid-90s      mid nineties
20s          twenties
00s          two thousands
2000s        two thousands
45s          forty fives
6s           sixes
808s         eight oh eights
100s         hundreds
1st          first
2nd          second
3rd          third
5th          fifth
8th          eighth
9th          ninth
12th         twelfth
20th         twentieth
22nd         twenty second
100th        one hundredth
1ST          first
0            zero
5            five
13           thirteen
21           twenty one
100          one hundred
300          three hundred
808          eight oh eight
305          three oh five
404          four oh four
187          one eighty seven
420          four twenty
911          nine one one
999          nine nine nine
007          double oh seven
10000        ten thousand
90210        nine oh two one oh
1,000        one thousand
1,000,000    one million
1,234,567    one million two hundred thirty four thousand five hundred sixty seven
3.5          three point five
0.05         zero point oh five
.45          forty five
10k          ten k.
$5           five dollars
5$           five dollars
£5           five pounds
＄5          five dollars
$1           one dollar
50¢          fifty cents
$2.50        two fifty
$19.99       nineteen ninety nine
$2.05        two oh five
$2.00        two dollars
$0.99        ninety nine cents
$.99         ninety nine cents
$1,500       one thousand five hundred dollars
$5M          five million dollars
$2.5m        two point five million dollars
$5k          five k.
100%         one hundred percent
50%          fifty percent
98°          ninety eight degrees
#1           number one
#blessed     hashtag blessed
&            and
@            at
+            plus
=            equals
w/           with
w/o          without
w/me         with me
b/c          because
'n'          and
rock'n'roll  rock and roll
rock-'n'-roll  rock and roll
o'er         o'er
'tis         'tis
'Twas        'twas
look'd       looked
banish'd     banished
lov'd        loved
love'd       loved
cry'd        cried
play'd       played
I'd          i'd
they'd       they'd
th'          the
th'eternal   the eternal
Dr.          doctor
vs.          versus
"""
ROWS = [line.split(maxsplit=1) for line in TABLE.strip().splitlines()]


@pytest.mark.parametrize(("written", "said"), ROWS)
def test_a_token_is_spoken_as_people_say_it(written, said):
    assert " ".join(spoken(written)) == said


@pytest.mark.parametrize(
    "nothing", ["", "'", "...", "🔥", "1️⃣", "🇺🇸", "( )", "Привет", "東京", "٣", "™", "\ud800", "—"]
)
def test_punctuation_emoji_and_other_scripts_are_not_spoken(nothing):
    assert spoken(nothing) == ()
    assert tokens_of(nothing) == ()


def test_long_digit_strings_are_said_one_by_one():
    assert spoken("1" * 5000) == ("one",) * 5000
    assert spoken("$" + "1" * 5000)[-1] == "dollars"


def test_numbers_are_counted_up_to_trillions():
    assert cardinal(2_000_000_000_015) == ("two", "trillion", "fifteen")


def test_tokens_know_where_they_stand():
    bar = "Yo, (Beyoncé) — hip-hop 24/7 🔥 in N.W.A.!"

    tokens = tokens_of(bar)

    assert [token.text for token in tokens] == ["Yo", "Beyoncé", "hip-hop", "24/7", "in", "N.W.A."]
    assert all(bar[token.start : token.end] == token.text for token in tokens)
    assert tokens[2] == Token("hip-hop", 16, 23, ("hip", "hop"))


def test_a_token_keeps_its_loose_accent():
    assert [token.text for token in tokens_of("cafe\u0301 noir")] == ["cafe\u0301", "noir"]


@pytest.mark.parametrize(
    ("bar", "said"),
    [
        ("I RUN NYC WITH US AND BMX", "i run n. y. c. with us and bmx"),
        ("GIVE IT TO US", "give it to us"),
        ("MY AK-47 AND AN MP3", "my a. k. forty seven and an m. p. three"),
        ("they TOLD us at UPS", "they told us at ups"),
        ("he was born in the US", "he was born in the u. s."),
        ("OKC, ATL, NYC", "o. k. c. a. t. l. n. y. c."),
        ("LOOK'D AT A ROCK-A-BYE", "looked at a rock a bye"),
    ],
)
def test_a_bar_in_capitals_is_shouting(bar, said):
    assert " ".join(word for token in tokens_of(bar) for word in token.words) == said


@pytest.mark.parametrize(
    ("bar", "said"),
    [
        ("'hello' he said, \"goodbye\"", "hello he said goodbye"),
        ("I'm ridin’ late, 'cause we can!", "i'm ridin' late 'cause we can"),
        ("get 'em, ol' man—the boys' car", "get 'em ol' man the boys' car"),
        (
            "rollin' w/ my 9mm, R&B @ 4:20",
            "rollin' with my nine millimeter r. and b. at four twenty",
        ),
        ("2Pac,1998;50 Cent", "two pac nineteen ninety eight fifty cent"),
        ("one\u200btwo so\u00adul", "one two soul"),
        ("the end.Start *now* _here_", "the end start now here"),
        ("Nike™ est. 1964", "nike est nineteen sixty four"),
    ],
)
def test_a_bar_is_spoken_token_by_token(bar, said):
    assert " ".join(word for token in tokens_of(bar) for word in token.words) == said


@given(st.text(st.characters()) | st.text("aA1$'-/.,:#%&sd½é🔥 "))
def test_any_text_has_tokens_in_order(bar):
    end = 0
    for token in tokens_of(bar):
        assert token.start >= end and token.text == bar[token.start : token.end] != ""
        assert token.words and all(word == word.lower() != "" for word in token.words)
        assert all(word.isascii() for word in token.words)
        end = token.end


@given(st.text() | st.text("aA1$'-/.,:#%&sd½é "))
def test_anything_can_be_spoken(text):
    assert all(word and not word.isspace() for word in spoken(text))
