"""What a verb that writes answers: the slug, what was recorded, and what the person could not know."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial
from html import escape
from typing import TypeAlias

from predictions.invisible import visible
from predictions.recording.enter import Desk
from predictions.records import Claim, Record
from predictions.redacted import Redacted
from predictions.render.columns import WIDTH, broken_to, columns_of, cut_to
from predictions.render.result import Value
from predictions.slugs import hyphenated, slug_from

ReceiptLines: TypeAlias = "tuple[str, ...]"
MOST_LINES = 5  # but for what nobody could know without the receipt, which stands whole
MOST_OF_ONE = 3  # lines of one thing of that kind, at most
SAID_OPTIONS = "; one"  # begins what a choice asks: one of its options, or one, in their order
OPENING = re.compile(r"(?<=   )\d{4}-\d\d-\d\d (?=\.\. \d{4}-)")  # the first day, left out where line 1 is too long
ADVICE = re.compile(r"; a slip can be corrected.*")  # left out next
EXPENDABLE = ("or on that claim", "a slip can be", "note: ")  # begin lines that are left out last
LIKE = "like "  # begins the question whether two claims are one fact, which is left out after these
OF_DISTRIBUTION = re.compile(r"scored from |% at most |that it is not$")  # it says more, and more can be wrong with it
ONLY_HERE = re.compile(  # what nobody could know without the receipt
    rf"{OF_DISTRIBUTION.pattern}|new: |drawn (as|from) |joined by |days that are over|; mended| is read from |"
    r" is the middle of |backdated|counts (on|for) |in no mean|too late to count|stays on file$|"
    r"who is on file; if so|slug= gives"
)
LONGEST_UNTYPED_NAME = 30  # columns of a name on it that nobody has to type
PLAIN = "margin:0;padding:0;white-space:pre-wrap;word-break:normal"  # whatever the notebook does with such a block


class Receipt(str):
    """The slug of what was recorded, taken wherever a slug is wanted; shown, it says what was recorded.

    In an f-string it is the slug, printed or at the end of a cell its lines. Whether it will count, and what else takes
    long to tell, is worked out when somebody looks at them, as of the seal under which it was recorded.

    Attributes:
        record: The record that stands.
        wrote: How many records were entered; none where all of it stood already.
    """

    __slots__ = ("__weakref__", "_completed", "_lacks", "_lines", "record", "wrote")
    record: Record
    wrote: int
    _lines: ReceiptLines
    _lacks: Redacted | None
    _completed: Callable[[ReceiptLines], tuple[ReceiptLines, Redacted | None]] | None

    def __new__(cls, slug: str, record: Record, lines: Sequence[str], *, wrote: int) -> Receipt:
        """Make the receipt of a record; lines after the first are indented by two."""
        made = super().__new__(cls, slug)
        made.record, made.wrote = record, wrote
        made._lines, made._lacks, made._completed = tuple(lines), None, None
        return made

    def completed_by(self, completed: Callable[[ReceiptLines], tuple[ReceiptLines, Redacted | None]]) -> Receipt:
        """Have the lines completed when somebody looks at them, by what also says what a redacted copy lacks."""
        self._completed = completed
        return self

    def complete(self) -> None:
        """Work out what is still to be said; once, and again only where that failed."""
        if (completed := self._completed) is not None:
            lines, lacks = completed(self._lines)
            banner = (lacks.banner.partition("\n")[0],) if lacks else ()
            self._completed, self._lines, self._lacks = None, (*banner, *lines), lacks

    @property
    def lines(self) -> ReceiptLines:
        """What it says, line by line."""
        self.complete()
        return self._lines

    @property
    def lacks(self) -> Redacted | None:
        """What a redacted copy no longer holds; it is said first."""
        self.complete()
        return self._lacks

    def __getnewargs_ex__(self) -> tuple[tuple[str, Record, ReceiptLines], dict[str, int]]:
        """Say how a copy is made, so that receipts can be copied and pickled."""
        return (self.slug, self.record, self.lines), {"wrote": self.wrote}

    @property
    def slug(self) -> str:
        """The slug alone."""
        return str.__str__(self)

    def text(self, spelled: Callable[[str], str] = str) -> str:
        """Lay the lines out at 80 columns, each as the door that is named spells its options.

        They are five at the most, but for what was said, how it was read, whether it counts, and what is new.
        """
        told = [*map(spelled, self.lines)]
        without = [partial(_without, one) for one in EXPENDABLE]
        shorten: list[Callable[[Sequence[str]], list[str]]] = [
            _first_cut,
            _without_advice,
            _side_by_side,
            *without,
            _without_place,
            partial(_without, LIKE),
            _side_by_side,
        ]
        for shorter in shorten:
            if _too_many(_in_lines(told)):
                told = shorter(told)
        return "\n".join(line for lines in _cut_short(_in_lines(told)) for line in lines)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return self.text()

    def __format__(self, how: str) -> str:
        return format(self.slug, how)

    def _repr_html_(self) -> str:
        return f'<pre style="{PLAIN}">{escape(self.text())}</pre>'

    def to_dict(self) -> dict[str, Value]:
        """Give the record, whether it was written now, and the lines, as plain values."""
        fields = self.record.model_dump(mode="json", exclude_none=True)
        redactions: dict[str, Value] = {"redacted": self.lacks.to_dict()} if self.lacks else {}
        return {**redactions, "kind": self.record.noun, "written": self.wrote > 0, "lines": list(self.lines), **fields}


def stands_already(record: Record, slug: str | None = None, *, since: str = "", more: Sequence[str] = ()) -> Receipt:
    """Make the receipt of what was recorded before, with what was said *since*, and *more* of it."""
    name = slug or record.name
    stands = f"{name} stands already" + (f", and {since}" if since else "")
    return Receipt(name, record, (f"{stands}; nothing new", *more), wrote=0)


def unnamed(claim: Claim) -> list[str]:
    """Say of a new claim whose words have no letter for a slug how the next one gets a name."""
    made = slug_from(claim.wording, ())
    if re.search("[a-z]", hyphenated(claim.wording)) or not re.fullmatch(rf"{made}(-\d+)?", claim.slug):
        return []
    return ["no letter of its words fits in a slug; slug= gives the next a name"]


def is_new(desk: Desk, cls: type[Record], slug: str) -> bool:
    """Tell whether a record began in this very transaction."""
    entry = desk.writing.beginnings[cls.noun].get(slug) or desk.store.find(cls.noun, slug)
    return entry is not None and entry >= desk.writing.first


def _in_lines(told: Sequence[str]) -> list[list[str]]:
    """Break each line where it is too long; all after the first are indented by two."""
    return [
        broken_to(WIDTH, visible(line), "  " if number else "", "  ", whole_words=True)
        for number, line in enumerate(told)
    ]


def _too_many(laid_out: Sequence[Sequence[str]]) -> bool:
    return sum(map(len, laid_out)) > MOST_LINES


def _first_cut(told: Sequence[str]) -> list[str]:
    """Keep the first line on one line, but for one that tells a range or quantiles."""
    first = visible(told[0])
    if ONLY_HERE.search(first):
        return [*told]
    # Options were said, and the first day was not; a number behind it may have been read.
    fits = columns_of(first) <= WIDTH or SAID_OPTIONS in first
    return [cut_to(first if fits else OPENING.sub("", first), WIDTH), *told[1:]]


def _without_advice(told: Sequence[str]) -> list[str]:
    return [told[0], *(ADVICE.sub("", line) for line in told[1:])]


def _without(beginning: str, told: Sequence[str]) -> list[str]:
    return [told[0], *(line for line in told[1:] if not line.startswith(beginning))]


def _without_place(told: Sequence[str]) -> list[str]:
    """Leave out what carries the day of one chance."""
    return [*told] if any(map(OF_DISTRIBUTION.search, told)) else _without("published ", told)


def _side_by_side(told: Sequence[str]) -> list[str]:
    """Put lines after the first beside the ones before them where both fit."""
    joined = [*told[:2]]
    for line in told[2:]:
        both = f"{joined[-1]}; {line}"
        if len(_in_lines(["", both])[1]) == 1:
            joined[-1] = both
        else:
            joined.append(line)
    return joined


def _cut_short(laid_out: list[list[str]]) -> list[list[str]]:
    """Cut what takes most until it is short enough; what nobody could know without it only where it is very long."""
    while _too_many(laid_out):
        whole = any(OF_DISTRIBUTION.search(" ".join(lines)) for lines in laid_out)
        told = [lines for lines in laid_out[1:] if lines and not _kept(" ".join(lines), whole)]
        kept = [lines for lines in laid_out if len(lines) > MOST_OF_ONE]
        if not told and not kept:
            break
        longest = max(reversed(told or kept), key=len)
        longest.pop()
        if longest:
            longest[-1] = f"{cut_to(longest[-1], WIDTH - 4).removesuffix('...')} ..."
    return laid_out


def _kept(line: str, whole: bool) -> bool:
    return bool(ONLY_HERE.search(line)) or (whole and "by its link" in line)
