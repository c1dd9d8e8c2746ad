"""Writing numbers: rounded, but never to certainty, and without binary noise such as 0.30000000000000004."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import copysign
from typing import TypeVar

DECIMALS = 12  # of a number, at most
MORE = 2  # further decimals that a figure may have, so as not to be shown as 0 or as the whole
NOISE = 1e-15  # a number nearer to 0 is 0
PLAIN_FROM, PLAIN_TO = 1e-9, 1e9  # values between these are written without an exponent
FEW_DIGITS = 6  # and so are values of any size with more digits than this
NAMED = 8  # names in a sentence, at most
AnyValue = TypeVar("AnyValue")


def figure(value: float | None, places: int = 3, *, sign: bool = False, whole: float = 1, more: int = MORE) -> str:
    """Write a number as a card shows it, never rounded to 0 or to the *whole*; a dash for None.

    To avoid that it gets up to *more* decimals. A number that is still nearer is written as less or more than the last
    one that can be shown.

    >>> figure(0.1184), figure(None), figure(0.091, sign=True), figure(float("inf"))
    ('0.118', '-', '+0.091', 'infinite')
    >>> figure(0.9996, 2), figure(0.0004, 2), figure(1.0, 2), figure(1e-17, 2)
    ('0.9996', '0.0004', '1.00', '0.00')
    >>> figure(3e-7), figure(-3e-7), figure(1 - 3e-7), figure(-1 + 3e-7), figure(3e-7, sign=True)
    ('<0.00001', '>-0.00001', '>0.99999', '<-0.99999', '<+0.00001')
    """
    if value is None:
        return "-"
    if value in (float("inf"), float("-inf")):
        return "infinite" if value > 0 else "-infinite"
    is_between, most_places = NOISE < abs(value) < whole * (1 - NOISE), min(places + more, DECIMALS)
    while is_between and abs(round(value, places)) in (0, whole) and places < most_places:
        places += 1
    shown = round(value, places) + 0.0  # + 0.0: no minus before a zero
    comparison = ""
    if is_between and abs(shown) in (0, whole):
        shown = copysign(10**-places if shown == 0 else whole - 10**-places, value)
        comparison = "<" if value < shown else ">"
    plus = "+" if sign else ""
    return f"{comparison}{shown:{plus}.{places}f}"


def two_places(chance: float | None, most: int = DECIMALS) -> str:
    """Write a chance with two decimals, or with all it has up to *most*; "" for None.

    >>> two_places(0.5), two_places(0.125), two_places(1 / 3, 3), two_places(0.9996, 3), two_places(None)
    ('0.50', '0.125', '0.333', '0.9996', '')
    """
    if chance is None:
        return ""
    decimals = exact(round(chance, most)).partition(".")[2]
    return figure(chance, max(len(decimals), 2))


def percent(share: float | None) -> str:
    """Write a share in percent; only exactly all of it is 100 %, and only none of it 0 %; a dash for None.

    >>> percent(0.5), percent(0.9996), percent(0.004), percent(1.0), percent(1 - 2**-53), percent(None)
    ('50 %', '99.96 %', '0.4 %', '100 %', '100 %', '-')
    >>> percent(2e-7), percent(1 - 2e-7)
    ('<0.01 %', '>99.99 %')
    """
    return "-" if share is None else f"{figure(100 * share, 0, whole=100)} %"


def whole_percent(share: float | None) -> str:
    """Write a share in whole percents, for a column of a table, with <1 % and >99 % next to the ends.

    >>> whole_percent(0.284), whole_percent(0.003), whole_percent(0.9996), whole_percent(1.0), whole_percent(None)
    ('28 %', '<1 %', '>99 %', '100 %', '-')
    """
    return "-" if share is None else f"{figure(100 * share, 0, whole=100, more=0)} %"


def exact(value: float | None) -> str:
    """Write a number with all its decimals, twelve at most, without binary noise; a dash for None.

    >>> exact(0.1 + 0.2), exact(1e-7), exact(1.0)
    ('0.3', '0.0000001', '1')
    """
    return "-" if value is None else f"{round(value, DECIMALS) + 0.0:.{DECIMALS}f}".rstrip("0").rstrip(".")


def measure(value: float | None) -> str:
    """Write a value that has a unit, with all its digits, fifteen at most, and an exponent if it is tiny or huge.

    >>> measure(0.1 + 0.2), measure(1 + 1e-13), measure(1e-7), measure(2e-14), measure(20000000000.0), measure(-0.0)
    ('0.3', '1.0000000000001', '0.0000001', '2e-14', '2e10', '0')
    """
    if value is None:
        return "-"
    decimal = Decimal(f"{value + 0.0:.15g}").normalize()
    if value == 0 or PLAIN_FROM <= abs(value) < PLAIN_TO or len(decimal.as_tuple().digits) > FEW_DIGITS:
        return f"{decimal:f}"
    return f"{decimal:e}".replace("e+", "e")


def range_as_text(ends: str) -> str:
    """Rewrite the ends of a range from the form in ``between=(...)`` to the one for the command line and for cells.

    >>> range_as_text("0, 10"), range_as_text('0.5, 100, "log"')
    ('0..10', '0.5..100 log')
    """
    low, high, *log = ends.replace('"', "").split(", ")
    return " ".join([f"{low}..{high}", *log])


def round_to(value: float, digits: int) -> float:
    """Round a number to so many significant digits.

    >>> round_to(31.62, 2), round_to(12345.0, 2)
    (32.0, 12000.0)
    """
    return float(f"{value:.{digits}g}")


def clean(row: AnyValue) -> AnyValue:
    """Round each float in a value, or inside its lists and mappings, to twelve significant digits.

    >>> clean({"brier": [0.1 + 0.2, -1e-17], "n": 3})
    {'brier': [0.3, 0.0], 'n': 3}
    """
    if isinstance(row, float):
        return 0.0 if abs(row) <= NOISE else float(f"{row:.{DECIMALS}g}")  # type: ignore[return-value]  # a float
    if isinstance(row, Mapping):
        return {name: clean(value) for name, value in row.items()}  # type: ignore[return-value]  # a mapping
    return [clean(value) for value in row] if isinstance(row, (list, tuple)) else row  # type: ignore[return-value]


def counted(count: int, noun: str, nouns: str | None = None) -> str:
    """Write a count with its noun; *nouns* is the plural if it is not the noun with an s.

    >>> counted(1, "claim"), counted(2000, "claim"), counted(2, "near miss", "near misses")
    ('1 claim', '2,000 claims', '2 near misses')
    """
    return f"{count:,} {plural(count, noun, nouns)}"


def plural(count: int, noun: str, nouns: str | None = None) -> str:
    """Choose the form of a noun or verb that goes with a count.

    >>> plural(1, "row"), plural(2, "row"), plural(2, "is", "are")
    ('row', 'rows', 'are')
    """
    return noun if count == 1 else nouns or f"{noun}s"


def some_of(names: Sequence[str], most: int = NAMED, then: str = " and ") -> str:
    """List names; of many only the first, with the number of the others.

    >>> some_of(["ana", "bob", "cy"], 2), some_of(["ana", "bob", "cy"], 2, ", ")
    ('ana, bob and 1 more', 'ana, bob, 1 more')
    """
    more = f"{then}{len(names) - most:,} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more


def in_percent(chance: str) -> str:
    """Write the text of a chance as percent; text that is not a number unchanged.

    >>> in_percent("0.4"), in_percent("...")
    ('40%', '...')
    """
    try:
        return f"{float(chance) * 100:.12g}%"
    except ValueError:
        return chance
