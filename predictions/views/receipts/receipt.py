"""The receipt that a writing verb returns: a slug, with lines on what was recorded and how it was read."""

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
MOST_LINES = 5  # besides what nobody could know without the receipt, which is not cut
MOST_OF_ONE = 3  # screen lines that one line of that kind may take
SAID_OPTIONS = "; one"  # begins what a choice asks: one of its options, or one, in their order
OPENING = re.compile(r"(?<=   )\d{4}-\d\d-\d\d (?=\.\. \d{4}-)")  # the first day, left out if line 1 is too long
ADVICE = re.compile(r"; a slip can be corrected.*")  # left out next
EXPENDABLE = ("or on that claim", "a slip can be", "note: ", "of the tags")  # begin lines that are left out last
LIKE = "like "  # begins the question whether two claims are one fact, which is left out after these
# Lines of a distribution: it has more numbers, so more of them can have been read wrongly.
OF_DISTRIBUTION = re.compile(r"scored from |% at most |that it is not$")
ONLY_HERE = re.compile(  # what nobody could know without the receipt
    rf"{OF_DISTRIBUTION.pattern}|new: |drawn (as|from) |joined by |days that are over|; mended| is read from |"
    r" is the middle of |backdated|counts (on|for) |in no mean|too late to count|stays on file$|"
    r"who is on file; if so|slug= gives"
)
LONGEST_UNTYPED_NAME = 30  # columns of a name on it that nobody has to type
PLAIN = "margin:0;padding:0;white-space:pre-wrap;word-break:normal"  # against a notebook's own style of <pre>


class Receipt(str):
    """The slug of what was recorded, which any verb takes; printed, it shows lines on what was recorded.

    In an f-string it is the slug; printed, or at the end of a notebook cell, its lines. Lines that take long to work
    out, such as whether a forecast will count, are added when somebody first looks, as of the seal under which the
    record was entered.

    Attributes:
        record: The record that is on file now.
        wrote: How many records were entered; 0 if all of it was on file already.
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
        """Have the lines completed when somebody first looks at them, and return the receipt.

        *completed* takes the lines; it returns them completed, and what a redacted copy lacks, or None.
        """
        self._completed = completed
        return self

    def with_line(self, line: str) -> Receipt:
        """Insert a line after the first, before the lines are completed, and return the receipt."""
        self._lines = (*self._lines[:1], line, *self._lines[1:])
        return self

    def complete(self) -> None:
        """Complete the lines if that is still to be done; if it fails, the next call tries again."""
        if (completed := self._completed) is not None:
            lines, lacks = completed(self._lines)
            banner = (lacks.banner.partition("\n")[0],) if lacks else ()
            self._completed, self._lines, self._lacks = None, (*banner, *lines), lacks

    @property
    def lines(self) -> ReceiptLines:
        """The completed lines, each of any length."""
        self.complete()
        return self._lines

    @property
    def lacks(self) -> Redacted | None:
        """What a redacted copy no longer holds, which the first line says; None for a whole ledger."""
        self.complete()
        return self._lacks

    def __getnewargs_ex__(self) -> tuple[tuple[str, Record, ReceiptLines], dict[str, int]]:
        """Return the arguments of a copy, so that receipts can be copied and pickled."""
        return (self.slug, self.record, self.lines), {"wrote": self.wrote}

    @property
    def slug(self) -> str:
        """The slug alone."""
        return str.__str__(self)

    def text(self, spelled: Callable[[str], str] = str) -> str:
        """Lay the lines out at 80 columns.

        If they take more than MOST_LINES, less important ones are shortened, joined and left out, step by step. What
        was given, how it was read, whether it counts, and what is new stays.

        Args:
            spelled: Rewrites a line, such as one with options of Python into those of the command line.
        """
        lines = [*map(spelled, self.lines)]
        steps: list[Callable[[Sequence[str]], list[str]]] = [
            _first_cut,
            _without_advice,
            _side_by_side,
            *(partial(_without, beginning) for beginning in EXPENDABLE),
            _without_place,
            partial(_without, LIKE),
            _side_by_side,
        ]
        for shortened in steps:
            if _too_many(_in_lines(lines)):
                lines = shortened(lines)
        return "\n".join(line for screen_lines in _cut_short(_in_lines(lines)) for line in screen_lines)

    def __str__(self) -> str:
        return self.text()

    def __repr__(self) -> str:
        return self.text()

    def __format__(self, how: str) -> str:
        return format(self.slug, how)

    def _repr_html_(self) -> str:
        return f'<pre style="{PLAIN}">{escape(self.text())}</pre>'

    def to_dict(self) -> dict[str, Value]:
        """Return the record, whether it was written now, and the lines, as plain values."""
        fields = self.record.model_dump(mode="json", exclude_none=True)
        redactions: dict[str, Value] = {"redacted": self.lacks.to_dict()} if self.lacks else {}
        return {**redactions, "kind": self.record.noun, "written": self.wrote > 0, "lines": list(self.lines), **fields}


def stands_already(record: Record, slug: str | None = None, *, since: str = "", more: Sequence[str] = ()) -> Receipt:
    """Make the receipt of what was on file already.

    Args:
        record: The record on file.
        slug: Its slug, if that is not its name.
        since: The forecast that was made since, in words.
        more: Further lines.
    """
    name = slug or record.name
    first = f"{name} stands already" + (f", and {since}" if since else "")
    return Receipt(name, record, (f"{first}; nothing new", *more), wrote=0)


def unnamed(claim: Claim) -> list[str]:
    """Return the advice to give a slug, for a new claim whose words have no letter that fits in one; else none."""
    made = slug_from(claim.wording, ())
    if re.search("[a-z]", hyphenated(claim.wording)) or not re.fullmatch(rf"{made}(-\d+)?", claim.slug):
        return []
    return ["no letter of its words fits in a slug; slug= gives the next a name"]


def is_new(desk: Desk, cls: type[Record], slug: str) -> bool:
    """Tell whether a record began in the open transaction."""
    entry = desk.writing.beginnings[cls.noun].get(slug) or desk.store.find(cls.noun, slug)
    return entry is not None and entry >= desk.writing.first


def _in_lines(lines: Sequence[str]) -> list[list[str]]:
    """Break each line into lines of the screen; all after the very first are indented by two."""
    return [
        broken_to(WIDTH, visible(line), "  " if number else "", "  ", whole_words=True)
        for number, line in enumerate(lines)
    ]


def _too_many(laid_out: Sequence[Sequence[str]]) -> bool:
    """Return whether lines, each broken into lines of the screen, take more than MOST_LINES."""
    return sum(map(len, laid_out)) > MOST_LINES


def _first_cut(lines: Sequence[str]) -> list[str]:
    """Cut the first line to one line of the screen, unless it has a range or quantiles."""
    first = visible(lines[0])
    if ONLY_HERE.search(first):
        return [*lines]
    # The first day goes before a number at the end of the line, which may have been read wrongly. Options may be cut
    # instead: the person has just given them, but perhaps not the first day.
    keeps_first_day = columns_of(first) <= WIDTH or SAID_OPTIONS in first
    return [cut_to(first if keeps_first_day else OPENING.sub("", first), WIDTH), *lines[1:]]


def _without_advice(lines: Sequence[str]) -> list[str]:
    """Cut off that a slip can be corrected, which may end any line after the first."""
    return [lines[0], *(ADVICE.sub("", line) for line in lines[1:])]


def _without(beginning: str, lines: Sequence[str]) -> list[str]:
    """Leave out lines after the first that begin so."""
    return [lines[0], *(line for line in lines[1:] if not line.startswith(beginning))]


def _without_place(lines: Sequence[str]) -> list[str]:
    """Leave out where a forecast was published, unless it is a distribution."""
    return [*lines] if any(map(OF_DISTRIBUTION.search, lines)) else _without("published ", lines)


def _side_by_side(lines: Sequence[str]) -> list[str]:
    """Join lines after the first with the one before if both fit on one line of the screen."""
    joined = [*lines[:2]]
    for line in lines[2:]:
        both = f"{joined[-1]}; {line}"
        if len(_in_lines(["", both])[1]) == 1:
            joined[-1] = both
        else:
            joined.append(line)
    return joined


def _cut_short(laid_out: list[list[str]]) -> list[list[str]]:
    """Cut the longest lines, end first, until all fit in MOST_LINES, and return the same list.

    What nobody could know without the receipt is cut only if nothing else is left, and to MOST_OF_ONE lines each.
    """
    while _too_many(laid_out):
        is_distribution = any(OF_DISTRIBUTION.search(" ".join(lines)) for lines in laid_out)
        expendable = [lines for lines in laid_out[1:] if lines and not _is_kept(" ".join(lines), is_distribution)]
        very_long = [lines for lines in laid_out if len(lines) > MOST_OF_ONE]
        if not expendable and not very_long:
            break
        longest = max(reversed(expendable or very_long), key=len)  # of several, the last
        longest.pop()
        if longest:
            longest[-1] = f"{cut_to(longest[-1], WIDTH - 4).removesuffix('...')} ..."
    return laid_out


def _is_kept(line: str, is_distribution: bool) -> bool:
    """Tell whether nobody could know a line without the receipt; with a distribution also where it was published."""
    return bool(ONLY_HERE.search(line)) or (is_distribution and "by its link" in line)
