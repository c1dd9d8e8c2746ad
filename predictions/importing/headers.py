"""The columns that an import looks for, and how a header is matched to them: places, misspellings, missing columns."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from predictions.errors import InvalidValue, short_repr
from predictions.importing.near_headers import NearNames, bare_header, core_of_header, simple
from predictions.importing.tables import Column, Piece
from predictions.numerals import some_of
from predictions.render.columns import broken_between_quotes

SENTENCE_WIDTH = 72  # of a message in columns, after `error: ` and with the signs of typed options
HEADERS_NAMED, HEADERS_TOLD, LONGEST_HEADER, LONGEST_FILE = 4, 36, 24, 24  # headers, and characters, in a message


class Columns(NamedTuple):
    """The columns that an import looks for. A row given as a tuple has the listed ones, then optional ones."""

    what: str  # what the rows are: forecasts, verdicts
    listed: Sequence[str]  # the usual columns
    needed: Sequence[str]
    optional: Sequence[str]
    spellings: Mapping[str, Sequence[str]] = {}  # other accepted names of a column
    instead: Mapping[str, Sequence[str]] = {}  # columns that make a needed one unnecessary
    further: Callable[[str], str | None] | None = None  # returns a name under which any other header is read, or None
    rest: Callable[[Sequence[str], Collection[str]], Mapping[str, str]] | None = None  # further names by header, of all
    languages: Mapping[str, str] = {}  # columns by other words for them, in the form of :func:`bare_header`
    foreign: Callable[[Sequence[object]], str | None] | None = None  # recognises another program's header; its message
    wrong: Callable[[str, Sequence[object]], str | None] | None = None  # returns what is wrong with one header of all

    @property
    def names(self) -> tuple[str, ...]:
        """All columns, in the order of a row given as a tuple."""
        return (*self.listed, *self.optional)

    def recognised(self, header: Sequence[object]) -> dict[str, int]:
        """Return the place of each column that a header has, in any accepted spelling."""
        names = [simple(name) for name in header]
        index_of: dict[str, int] = {}
        for name in self.names:
            found_names = [other for other in map(simple, (name, *self.spellings.get(name, ()))) if other in names]
            free_places = [place for place in map(names.index, found_names) if place not in index_of.values()]
            if free_places:
                index_of[name] = free_places[0]
        return index_of

    def missing(self, header: Sequence[object]) -> str | None:
        """Return the first needed column that a header lacks; None if it lacks none."""
        return self._still_lacks(self.recognised(header))

    def places(self, header: Sequence[object], where: str, hint: str = "") -> Places:
        """Return the place of each column; InvalidValue if a needed one is missing.

        A misspelled column is read as the one it resembles, and the first of two equal ones is read, so that faults in
        the rows are found in the same run; when the rows are read, :meth:`Places.refuse_faults` raises.

        Args:
            header: The header of the table.
            where: The name of the table, for messages.
            hint: What to add to the message for a missing column.
        """
        missing = self.missing(header)
        if missing and self.foreign and (message := self.foreign(header)):
            raise InvalidValue(message)
        places = self.recognised(header)
        duplicates = self._twice(header, places, where)
        if missing and (columns_meant := self.meant_otherwise(header)):
            faults = [self.no_column(header, where, hint)]
        else:
            slips = self._slips(header, places)
            columns_meant = {place: column for place, (column, _) in slips.items()}
            faults = _misspelled(header, {place: name for place, (_, name) in slips.items()})
            faults += self._wrong(header)
        for place, name in columns_meant.items():
            places.setdefault(name, place)
        if self._still_lacks(places):  # even with misspelled columns: nothing can be read
            raise InvalidValue(*faults if faults and not hint else [self.no_column(header, where, hint)])
        faults = [*duplicates, *faults]
        for place, name in self._further(header, places):
            if places.setdefault(name, place) != place:  # two columns of one person
                faults.append(f"the column {name!r} stands twice in {where}")
        return Places(places, header, faults)

    def _still_lacks(self, columns: Collection[str]) -> str | None:
        """Return the first needed column that is not among *there*; None if all are."""
        return next((name for name in self.needed if not {*columns} & {name, *self.instead.get(name, ())}), None)

    def _twice(self, header: Sequence[object], places: Mapping[str, int], where: str) -> list[str]:
        """Return a message for each column that the header has twice."""
        names = [simple(name) for name in header]
        used_places, faults = set(places.values()), []
        for name, place in places.items():
            spellings = {names[place], *map(simple, self.spellings.get(name, ()))}
            same = [index for index, other in enumerate(names) if other in spellings]
            duplicates = [index for index in same if index == place or index not in used_places]
            if len(duplicates) > 1:
                headers = " and ".join(short_repr(header[index]) for index in duplicates)
                faults.append(f"the column {name!r} stands twice in {where}, as {headers}; rename one of them")
        return faults

    def no_column(self, header: Sequence[object], where: str, hint: str = "") -> str:
        """Return the message for a missing needed column: what to rename, or else which headers are not read.

        It is kept short enough for two lines.
        """
        start = f"there is no column {self.missing(header)!r} in {_cut(where, LONGEST_FILE)}"
        if renamed := self.meant_otherwise(header):
            names = [
                f"for {short_repr(header[place], LONGEST_HEADER)} say {_with_its_sign(name, header[place])}"
                for place, name in renamed.items()
            ]
            return _fitting(f"{start}: ", [names[0], *(name.replace(" say ", " ", 1) for name in names[1:])], hint)
        read_places = self.recognised(header).values()
        unread = [
            short_repr(name, LONGEST_HEADER) for place, name in enumerate(header)
            if place not in read_places and str(name).strip() and not (self.further and self.further(str(name)))
        ]  # fmt: skip
        number = HEADERS_NAMED
        while number > 1 and len(", ".join(unread[:number])) > HEADERS_TOLD:
            number -= 1
        unread_text = f", and nothing is read of {some_of(unread, number)}" if unread else ""
        return _fitting(f"{start}{unread_text}; say ", self.listed, hint)

    def meant_otherwise(self, header: Sequence[object]) -> dict[int, str]:
        """Return the columns that headers mean in another language, or with quotes or signs, by their places.

        It is empty if a needed column would still be missing.
        """
        recognised = self.recognised(header)
        names = dict(self.languages)
        for column in self.names:
            names.update({bare_header(name): column for name in (column, *self.spellings.get(column, ()))})
        column_at: dict[int, str] = {}
        for place, name in enumerate(header):
            column_meant = names.get(bare_header(name)) or names.get(core_of_header(name))
            is_person = "%" in str(name) and column_meant != "p"  # the chances of somebody with such a name
            if not column_meant or is_person or place in recognised.values():
                continue
            if column_meant not in {*recognised, *column_at.values()}:
                column_at[place] = column_meant
        return {} if self._still_lacks({*recognised, *column_at.values()}) else column_at

    def _slips(self, header: Sequence[object], places: Mapping[str, int]) -> dict[int, tuple[str, str]]:
        """Return headers that are nearly the name of a column, by their places: the column, and the name to give it.

        A column ``probabilty`` or ``Wahrscheinlichkeit`` would otherwise be ignored, and all its numbers lost.
        """
        all_names = {simple(other) for name in self.names for other in (name, *self.spellings.get(name, ()))}
        translations = {} if self.missing(header) else self.meant_otherwise(header)
        slips = {place: (name, _with_its_sign(name, header[place])) for place, name in translations.items()}
        near_names = NearNames((other, name) for name in self.names for other in (name, *self.spellings.get(name, ())))
        for place in sorted(set(range(len(header))).difference(places.values())):
            name = str(header[place])
            is_second = simple(name) in all_names  # a second column of one name is not a slip
            is_persons = "%" not in name and self.further is not None and self.further(name)
            is_no_slip = is_second or is_persons or (self.wrong and self.wrong(name, header))
            if not is_no_slip and (column_and_name := near_names.meant(name)):
                slips.setdefault(place, (column_and_name[0], _with_its_sign(column_and_name[1], name)))
        return slips

    def _wrong(self, header: Sequence[object]) -> list[str]:
        """Return what is wrong with headers that name no column but look as if they were meant to."""
        return [fault for name in header if self.wrong and (fault := self.wrong(str(name), header))]

    def _further(self, header: Sequence[object], there: Mapping[str, int]) -> list[tuple[int, str]]:
        """Return the places of columns that are read under a name of their own, with that name."""
        taken = set(there.values())
        others = {place: str(name).strip() for place, name in enumerate(header) if place not in taken}
        named = {place: self.further(name) for place, name in others.items()} if self.further else {}
        found = [(place, name) for place, name in named.items() if name is not None]
        rest = self.rest([*others.values()], there) if self.rest else {}
        first = {name: place for place, header in reversed(others.items()) if (name := rest.get(header)) is not None}
        return [*found, *((place, name) for name, place in first.items())]

    def piece(self, chosen: Mapping[str, Column], size: int, first: int) -> Piece:
        """Return a piece with these columns; the others are None."""
        return Piece({**dict.fromkeys(self.names), **chosen}, size, first)


class HeaderFaults(InvalidValue):
    """The faults of a header that was read as it seems to be meant.

    Attributes:
        sentences: One message for each fault.
    """

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__("; ".join(sentences))
        self.sentences = sentences


class Places(dict[str, int]):
    """The place of each column that a header has, by its name.

    Attributes:
        spelled: How the header spells each column, in the order of the header.
        left: The headers that mean nothing here.
        unnamed: By its place, what a column without a header is called.
        named: How many columns there are up to the last one with a name.
    """

    def __init__(self, places: Mapping[str, int], header: Sequence[object], faults: Sequence[str] = ()) -> None:
        """Take the places of the columns in a header, and the faults to be refused later."""
        super().__init__(places)
        self._faults = faults
        in_file = sorted(places.items(), key=lambda column: column[1])
        self.spelled = {name: str(header[place]).strip("\ufeff ") for name, place in in_file}
        others = [(place, str(name).strip()) for place, name in enumerate(header) if place not in {*places.values()}]
        self.left = [name for _, name in others if name]
        self.unnamed = {place: f"column {place + 1} (no header)" for place, name in others if not name}
        self.named = max(place for place, name in enumerate(header, 1) if str(name).strip())

    @property
    def all_left(self) -> list[str]:
        """The names of all columns that mean nothing here, also of those without a header."""
        return [*self.left, *self.unnamed.values()]

    def left_of(self, rows: Iterable[Sequence[object]]) -> list[str]:
        """Return the names of columns that mean nothing here; those without a header only if *rows* fill them."""
        empty = dict(self.unnamed)
        for row in rows if empty else ():
            filled = [place for place in empty if place < len(row) and row[place] is not None and row[place] != ""]
            for place in filled:
                del empty[place]
        return [*self.left, *(name for place, name in self.unnamed.items() if place not in empty)]

    def refuse_faults(self) -> None:
        """Raise HeaderFaults if a column is misspelled or occurs twice."""
        if self._faults:
            raise HeaderFaults(self._faults)


def _with_its_sign(name: str, header: object) -> str:
    """Return the name to give to a column, with the percent sign of its header."""
    return f"'{name} %'" if "%" in str(header) else name


def _misspelled(header: Sequence[object], names: Mapping[int, str]) -> list[str]:
    """Return the message for headers that are nearly columns, with the names to give them; empty if there are none."""
    slips = {short_repr(header[place]): name.strip("'") for place, name in names.items()}
    if len(slips) == 1:
        name, near_by = next(iter(slips.items()))
        return [f"{name} is no column here; did you mean {near_by!r}? else rename it"]
    pairs = [f"{name} ({near_by}?)" for name, near_by in slips.items()]
    return [_fitting("no columns here, so rename them: ", pairs)] if slips else []


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}..."


def _fitting(start: str, names: Sequence[str], hint: str = "") -> str:
    """Return a sentence with as many names as fit into two lines, but at least two."""
    for number in range(len(names), 1, -1):
        sentence = f"{start}{', '.join(names[:number])}{', ...' if number < len(names) else ''}{hint}"
        if len(broken_between_quotes(SENTENCE_WIDTH, sentence)) <= 2:
            return sentence
    return f"{start}{', '.join(names[:2])}{', ...' if len(names) > 2 else ''}{hint}"
