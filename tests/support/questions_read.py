"""Do again the arithmetic that an explanation writes out: the yes/no questions behind a loss."""

from __future__ import annotations

import re

import numpy as np
import pytest

WHERE = r"[^+;,]*?\((?:no|yes|uncertain)\) "
MONTH = r"^it came in \S+, on which day is not known, so the answer rises evenly through it: "
OTHERS = r"\d+ other \w+ "


def computed(arithmetic: str) -> float:
    """Compute a loss from its questions as they are written out, without the sum they come to."""
    if arithmetic.startswith(("half of ", "mean of ")):
        return options(arithmetic)
    terms = re.sub(rf"{MONTH}|{WHERE}|\d+ other \w+ |mean over [^:]*: ", "", arithmetic)
    sum_, _, over = terms.partition(", over ")
    if " days " in sum_:
        sum_ = re.sub(r"[^+]*?, \d+ days ", "", re.sub(r"\(-([\d.]+)\)", r"\1", sum_))
    return evaluated(sum_) / float(over or 1)


def evaluated(terms: str) -> float:
    return float(eval(terms.replace("^", "**").replace(" x ", " * ")))  # our own text, of numbers and signs alone


def options(arithmetic: str) -> float:
    """Half the sum of the squares of a choice, or the mean of those of ordered options."""
    squares = [(float(p) - float(answer)) ** 2 for p, answer in re.findall(r"\((\S+) - (\S+)\)\^2", arithmetic)]
    others = re.search(r"(\d+) other \w+ ([\d.]+)$", arithmetic)
    count, rest = (int(others[1]), float(others[2])) if others else (0, 0.0)
    total = sum(squares) + rest
    return total / 2 if arithmetic.startswith("half of ") else total / (len(squares) + count)


def held_line_by_line(arithmetic: str) -> int:
    """Hold that along each line of days the sum is that of its days, one by one; return how many lines there are."""
    number = r"\(?(-?[\d.]+)\)?"
    lines = re.findall(
        rf"{number} x {number}\^2 to {number} x {number}\^2, (\d+) days ([\d.]+)", arithmetic.replace("^2 x", "")
    )
    for one, gap, other, last_gap, days, sum_ in lines:
        weights, gaps = (
            np.linspace(float(first), float(last), int(days)) for first, last in ((one, other), (gap, last_gap))
        )
        assert (weights * gaps**2).sum() == pytest.approx(float(sum_), rel=1e-4, abs=1e-4)
    return len(lines)


def losses_behind(text: str) -> list[tuple[float, float]]:
    """Return each loss that a text tells with its questions: as it is said, and as these come to."""
    clauses = re.findall(r"(?:loses|knowing nothing then) (\S+) = ([^;]+)", text)
    return [(float(said), computed(arithmetic)) for said, arithmetic in clauses]
