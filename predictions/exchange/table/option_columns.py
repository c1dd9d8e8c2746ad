"""Columns of the table that are named after the options of a choice, each with the shares of its option."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, TypeAlias

from predictions.errors import InvalidValue, short_repr
from predictions.exchange.questions import RowFault, slug_of_key
from predictions.exchange.table.columns import PERSON, person_of
from predictions.exchange.table.row import OWN_FORECAST, Row
from predictions.exchange.table.type_cells import OptionsCell
from predictions.numerals import in_percent, some_of
from predictions.option_names import option_slug
from predictions.slugs import words_digest

ENDS = frozenset({"low", "high"})  # columns of ours that options are often called
OPTION = "o:"  # begins the name of a column that may hold the shares of an option
BY_KEY = "table"  # begins the slugs of claims that a table knows by its own keys
ChoicesOnFile: TypeAlias = Mapping[
    str | bytes, tuple[str, ...]
]  # the options of choices, by slug and by the digest of words
_CHANCE = re.compile(r"100\s*%|[0-9]{1,2}(?:\.[0-9]+)?\s*%|0?\.[0-9]+|[01](?:\.0+)?")
_SIGN = re.compile(r"\s*(?:%|\(%\))\s*$")


class ShareCell(NamedTuple):
    """A cell in a column that may be of an option: what stands in it, the share, and what would be right instead."""

    cell: object
    chance: float | None
    fix: str = ""


def option_of(column: str) -> str:
    """Return the option that a header, or the name of a column, is of.

    >>> option_of("Open AI (%)"), option_of("p:red"), option_of("o:blue")
    ('open-ai', 'red', 'blue')
    """
    name = column.removeprefix(OPTION).removeprefix(PERSON)
    return str(option_slug(_SIGN.sub("", name).strip()))


class OptionColumns:
    """Tells which columns are named after options, and reads the shares that a row has in them.

    Attributes:
        used: The columns from which shares were read.
        says_nothing: Whether the table has no column in which a forecast is said, nor in which one is recognised.
    """

    def __init__(self, choices_of: Callable[[Collection[str]], ChoicesOnFile]) -> None:
        """Look choices on file that have one of some options up with *choices_of*."""
        self.used: set[str] = set()
        self._choices_of = choices_of
        self._on_file: ChoicesOnFile = {}
        self._asked: dict[str | bytes, tuple[str, ...]] = {}  # the options that rows ask for
        self.says_nothing = False

    def columns(self, headers: Sequence[str], there: Collection[str]) -> dict[str, str]:
        """Return names for the columns that may be of options, by their headers, which are none of ours."""
        named = {header: option_of(header) for header in headers if any(map(str.isalnum, header))}
        options = {*named.values(), *map(option_of, filter(None, map(person_of, named))), *(ENDS & {*there})}
        self._on_file = self._choices_of(options) if options else {}
        on_file = {option for options in self._on_file.values() for option in options}
        self.says_nothing = OWN_FORECAST.isdisjoint(there) and not any(map(person_of, headers))
        of_any = self.says_nothing or "options" in there
        return {
            header: f"{OPTION}{option}"
            for header, option in named.items()
            if person_of(header) is None and (of_any or option in on_file)
        }

    def learn(self, rows: Iterable[Mapping[str, object]]) -> None:
        """Learn from the values of some rows which options their claims have."""
        for values in rows:
            if isinstance(options := values.get("options"), OptionsCell):
                self._asked.setdefault(_key(values), options.names)

    def options_of(self, values: Mapping[str, object]) -> tuple[str, ...]:
        """Return the options of the choice that a row is about; none where that is no choice."""
        own = values.get("options")
        asked = own.names if isinstance(own, OptionsCell) else ()
        key = _key(values)
        return self._on_file.get(key) or asked or self._asked.get(key, ())

    def with_shares(self, row: Row, cells: Mapping[str, ShareCell]) -> tuple[Row, list[RowFault]]:
        """Return a row with the shares that it has in columns of options, by column, and what is wrong with them."""
        options = self.options_of(row.values)
        of_option = {option_of(column): column for column in cells if option_of(column) in options}
        filled = {option: column for option, column in of_option.items() if cells[column].cell is not None}
        said = (row.chances.keys() | row.values.keys() | row.unread) - {*filled.values()}
        beside = not said.isdisjoint(OWN_FORECAST)
        in_numbers = any(re.search("[0-9]", str(cells[column].cell)) for column in filled.values())
        if not in_numbers or (beside and len(filled) < len(options)):
            return row, []
        faults = list(_faults(options, of_option, cells, beside=beside))
        if not faults or len(of_option) == len(options):
            self.used |= {*of_option.values()}
        rest = {column: chance for column, chance in row.chances.items() if column not in filled.values()}
        if faults:
            return row._replace(chances=rest, unread=row.unread | {"p"}), faults
        told: dict[object, object] = {option: cells[filled[option]].chance for option in options}
        shown = "; ".join(f"{option}={in_percent(str(share))}" for option, share in told.items())
        row_cells = {column: cell for column, cell in row.cells.items() if column not in filled.values()}
        return row._replace(chances={**rest, "p": told}, cells={**row_cells, "p": shown}), []


def check_chances_are_read(columns: Mapping[str, Sequence[object]]) -> None:
    """Refuse a table in which no row says how likely, but other *columns*, by their headers, hold chances alone."""
    headers = [header for header, cells in columns.items() if _hold_chances(cells)]
    if headers:
        which, hold = some_of([short_repr(header) for header in headers], 4), "hold" if len(headers) > 1 else "holds"
        raise InvalidValue(
            f"no row says how likely, but {which} {hold} chances; name such a column p, p:WHO of a person, or say "
            "options; an empty p leaves it out"
        )


def _hold_chances(cells: Sequence[object]) -> bool:
    """Tell whether all cells that are filled are chances, and not all of them 0 or 1."""
    filled = [str(cell).strip().replace(",", ".") for cell in cells if cell is not None and str(cell).strip()]
    if filled and all(map(_is_distribution, filled)):
        return True
    return all(map(_CHANCE.fullmatch, filled)) and any("%" in cell or float(cell) % 1 for cell in filled)


def _is_distribution(cell: str) -> bool:
    """Tell whether a cell, or a mapping that was one, gives each option or day a chance, or each chance a value."""
    if cell.startswith("{") and cell.endswith("}"):
        cell = cell[1:-1].replace(":", "=")
    pairs = [pair.split("=") for pair in re.split(r"[;\n]|\.(?=\s)", cell) if pair.strip()]
    return all(len(pair) == 2 and any(_CHANCE.fullmatch(end.strip()) for end in pair) for pair in pairs)


def _faults(
    options: Sequence[str], of_option: Mapping[str, str], cells: Mapping[str, ShareCell], *, beside: bool
) -> Iterator[RowFault]:
    """Yield what is wrong with the shares of a row; *beside* them the row says a forecast in a column of ours."""
    filled = [column for column in of_option.values() if cells[column].cell is not None]
    first, lacking = filled[0], [option for option in options if option not in of_option]
    if beside:
        fix = "said in another column of this row as well; say the shares of a forecast once"
        yield RowFault(first, fix, value=cells[first].cell)
        return
    if lacking:
        told = "; ".join(f"{option}={_shown(cells, of_option.get(option))}" for option in options)
        fix = f"{', '.join(lacking)} has no column; give each option one, or say all in p: {told}"
        yield RowFault(first, fix, value=cells[first].cell, kind="options without columns")
        return
    for column in of_option.values():
        if cells[column].fix:
            yield RowFault(column, cells[column].fix, value=cells[column].cell)
        elif cells[column].cell is None:
            yield RowFault(column, "no share for this option; each has one, also 0", kind="no share")


def _shown(cells: Mapping[str, ShareCell], column: str | None) -> str:
    chance = cells[column].chance if column else None
    return "..." if chance is None else in_percent(str(chance))


def _key(values: Mapping[str, object]) -> str | bytes:
    """Return what names the claim of a row as it stands on file: its slug, or the digest of its words."""
    claim, key, text = (values.get(name) for name in ("claim", "id", "text"))
    if claim is not None:
        return str(claim)
    return slug_of_key(BY_KEY, str(key)) if key is not None else words_digest(str(text or ""))
