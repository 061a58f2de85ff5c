"""How numbers are said on a record: years, prices, times, calibres, area codes."""

import re
from collections.abc import Callable
from math import gcd

Words = tuple[str, ...]

_ONES = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten",
    "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen",
    "nineteen",
)  # fmt: skip
_TENS = ["-", "ten", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_THOUSANDS = (("trillion", 10**12), ("billion", 10**9), ("million", 10**6), ("thousand", 1000))
_LARGEST = 15  # digits, with commas; beyond trillions nobody knows the name
_LONGEST = 12  # digits, without commas
_BY_DIGIT = frozenset(["212", "213", "310", "312", "313", "323", "411", "415", "718", "911", "917"])
_ORDINALS = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth",
    "nine": "ninth", "twelve": "twelfth",
}  # fmt: skip
_FRACTIONS = {2: "half", 4: "quarter"}
_SAID: dict[str, Words] = {
    "007": ("double", "oh", "seven"), "9-5": ("nine", "to", "five"), "6ix9ine": ("six", "nine"),
    "gr8": ("great",), "h8": ("hate",), "l8": ("late",), "l8r": ("later",), "m8": ("mate",),
    "sk8": ("skate",), "str8": ("straight",), "w8": ("wait",),
}  # fmt: skip
_MONEY = {
    "$": ("dollar", "dollars"),
    "£": ("pound", "pounds"),
    "€": ("euro", "euros"),
    "¢": ("cent", "cents"),
    "%": ("percent", "percent"),
    "°": ("degree", "degrees"),
}
_MILLIONS = {"m": "million", "mil": "million", "b": "billion", "bn": "billion", "t": "trillion"}
_UNITS = {
    "mm": ("millimeter", "millimeter"),  # a nine millimeter
    "cm": ("centimeter", "centimeters"),
    "km": ("kilometer", "kilometers"),
    "mg": ("milligram", "milligrams"),
    "kg": ("kilo", "kilos"),
    "ft": ("foot", "feet"),
    "lb": ("pound", "pounds"),
    "lbs": ("pound", "pounds"),
    "oz": ("ounce", "ounces"),
    "hr": ("hour", "hours"),
    "hrs": ("hour", "hours"),
    "mph": ("mile an hour", "miles an hour"),
}


def cardinal(number: int) -> Words:
    """A number below 10**15 as it is counted, without "and": two hundred five."""
    for name, size in _THOUSANDS:
        if number >= size:
            rest = cardinal(number % size) if number % size else ()
            return (*cardinal(number // size), name, *rest)
    if number >= 100:
        rest = cardinal(number % 100) if number % 100 else ()
        return (_ONES[number // 100], "hundred", *rest)
    if number < 20:
        return (_ONES[number],)
    return (_TENS[number // 10], *((_ONES[number % 10],) if number % 10 else ()))


def ordinal(number: int) -> Words:
    *head, last = cardinal(number)
    if last.endswith("y"):
        return (*head, last[:-1] + "ieth")
    return (*head, _ORDINALS.get(last, last.removesuffix("t") + "th"))


def plural(words: Words) -> Words:
    *head, last = words
    if last.endswith("y"):
        return (*head, last[:-1] + "ies")
    return (*head, last + ("es" if last.endswith("x") else "s"))


def by_digit(digits: str) -> Words:
    return tuple("oh" if digit == "0" else _ONES[int(digit)] for digit in digits)


def _pair(digits: str) -> Words:
    return by_digit(digits) if digits[0] == "0" else cardinal(int(digits))


def plain_number(digits: str) -> Words:
    """Bare digits in speech: 1998 by halves, 808 and 187 as one and two, 90210 one by one."""
    if len(digits) > _LONGEST or (digits[0] == "0" and digits != "0"):
        return by_digit(digits)
    if len(digits) <= 2 or digits.endswith("00"):
        hundreds = len(digits) == 4 and digits[1] != "0"
        return (*_pair(digits[:2]), "hundred") if hundreds else cardinal(int(digits))
    if len(digits) == 3:
        alike = len(set(digits)) == 1 or digits in _BY_DIGIT
        return by_digit(digits) if alike else (_ONES[int(digits[0])], *_pair(digits[1:]))
    if len(digits) == 4:
        whole = digits[1:3] == "00"  # 2004
        return cardinal(int(digits)) if whole else (*_pair(digits[:2]), *_pair(digits[2:]))
    return by_digit(digits)


def _counted(written: str) -> Words:
    """An amount: digits with commas and a point, counted in full."""
    whole, *decimals = written.replace(",", "").split(".")
    count = cardinal(int(whole)) if len(whole or "0") <= _LARGEST and whole else by_digit(whole)
    return count + tuple(word for part in decimals for word in ("point", *by_digit(part)))


def number(written: str) -> Words:
    """Digits, perhaps with commas and points, that stand for no year, price or time."""
    return _counted(written) if "," in written or "." in written else plain_number(written)


def _measured(amount: str, names: tuple[str, str]) -> Words:
    return (*_counted(amount), *names[amount != "1"].split())


def _price(sign: str, amount: str, size: str) -> Words:
    if size == "k":
        return (*_counted(amount), "k.")
    if size:
        return (*_counted(amount), _MILLIONS[size], _MONEY[sign][1])
    whole, _, cents = amount.partition(".")
    if len(cents) != 2:
        return _measured(amount, _MONEY[sign])
    if cents == "00":
        return _measured(whole or "0", _MONEY[sign])
    if not whole.strip("0"):
        return _measured(cents.lstrip("0"), _MONEY["¢"])
    return (*_counted(whole), *_pair(cents))


def _clock(hour: str, minutes: str, half: str) -> Words:
    names = (f"{half[0]}.", "m.") if half else ()
    if minutes != "00":
        return (*cardinal(int(hour)), *_pair(minutes), *names)
    exact = "o'clock" if 0 < int(hour) <= 12 else "hundred"
    return (*cardinal(int(hour)), *(names or (exact,)))


def _fraction(above: str, below: str) -> Words:
    """3/4 is three quarters, but 24/7, 9/11 and 6/8 are said as two numbers."""
    parts, size = int(above), int(below)
    if not 0 < parts < size <= 10 or gcd(parts, size) > 1:
        return (*plain_number(above), *plain_number(below))
    name = (_FRACTIONS.get(size) or ordinal(size)[-1],)
    if parts == 1:
        return ("one", *name)
    return (*cardinal(parts), *(("halves",) if size == 2 else plural(name)))


_NUMBER = r"([0-9]+(?:,[0-9]{3})*(?:\.[0-9]+)*)"
_AMOUNT = r"((?=\.?[0-9])[0-9]*(?:,[0-9]{3})*(?:\.[0-9]+)?)"
_FORMS: tuple[tuple[str, Callable[..., Words]], ...] = (
    (_NUMBER, number),
    (r"'([0-9]{2})", plain_number),
    (r"'?00'?s", lambda: ("two", "thousands")),
    (r"100'?s", lambda: ("hundreds",)),
    (r"1,?000'?s", lambda: ("thousands",)),
    (r"'?([0-9]{1,2})'?s", lambda digits: plural(cardinal(int(digits)))),
    (r"([0-9]+)'?s", lambda digits: plural(plain_number(digits))),
    (r"([0-9]{1,12})(?:st|nd|rd|th)", lambda digits: ordinal(int(digits))),
    (rf"([$£€]){_AMOUNT}(k|mil|m|bn|b|t|)", _price),
    (rf"{_NUMBER}([$£€¢%°])", lambda amount, sign: _measured(amount, _MONEY[sign])),
    (r"([0-9]{1,2}):([0-9]{2})(am|pm|)", _clock),
    (r"([0-9]{1,2})([ap])m", lambda hour, half: (*cardinal(int(hour)), f"{half}.", "m.")),
    (r"([0-9]{1,4})/([0-9]{1,4})", _fraction),
    (r"([0-9]{1,4})x([0-9]{1,4})", lambda *sides: (*number(sides[0]), "by", *number(sides[1]))),
    (rf"{_NUMBER}({'|'.join(_UNITS)})", lambda amount, unit: _measured(amount, _UNITS[unit])),
    (rf"#{_NUMBER}", lambda digits: ("number", *number(digits))),
)
_PATTERNS = tuple((re.compile(pattern), said) for pattern, said in _FORMS)


def numeral(written: str) -> Words:
    """What a lower-case token with digits says as a whole; () where it has to be taken apart."""
    if written in _SAID:
        return _SAID[written]
    for pattern, said in _PATTERNS:
        if match := pattern.fullmatch(written):
            return said(*match.groups())
    return ()
