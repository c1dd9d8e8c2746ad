"""The columns an import looks for, and what a header says of them: where each stands, what is missing or misspelled."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from typing import NamedTuple

from predictions.errors import InvalidValue, short_repr
from predictions.importing.near_headers import NearNames, bare_header, core_of_header, simple
from predictions.importing.tables import Column, Piece
from predictions.numerals import some_of
from predictions.render.columns import broken_between_quotes

SENTENCE_WIDTH = 72  # columns of a line, beside `error: ` and the sign that options begin with when they are typed
HEADERS_NAMED, HEADERS_TOLD, LONGEST_HEADER, LONGEST_FILE = 4, 36, 24, 24


class Columns(NamedTuple):
    """The columns an import looks for. A tuple has the listed ones, and perhaps the first optional one."""

    what: str  # what the rows are: forecasts, verdicts
    listed: Sequence[str]  # the usual ones
    needed: Sequence[str]
    optional: Sequence[str]
    spellings: Mapping[str, Sequence[str]] = {}  # other names under which a column is accepted
    instead: Mapping[str, Sequence[str]] = {}  # columns that make a needed one unnecessary
    further: Callable[[str], str | None] | None = None  # the name under which a column of any other header is taken
    languages: Mapping[str, str] = {}  # columns by other words for them, as :func:`bare_header` has a header
    foreign: Callable[[Sequence[object]], str | None] | None = None  # what a header tells that lacks a needed column
    wrong: Callable[[str, Sequence[object]], str | None] | None = None  # what is wrong with one of all

    @property
    def names(self) -> tuple[str, ...]:
        """Return all names of columns, in the order of a tuple."""
        return (*self.listed, *self.optional)

    def recognised(self, header: Sequence[object]) -> dict[str, int]:
        """Return where in a header each column stands that is there, however it is spelled."""
        plain = [simple(name) for name in header]
        index_of: dict[str, int] = {}
        for name in self.names:
            spelled = [other for other in map(simple, (name, *self.spellings.get(name, ()))) if other in plain]
            free = [place for place in map(plain.index, spelled) if place not in index_of.values()]
            if free:
                index_of[name] = free[0]
        return index_of

    def missing(self, header: Sequence[object]) -> str | None:
        """Return the first needed column that a header lacks."""
        return self._still_lacks(self.recognised(header))

    def places(self, header: Sequence[object], where: str, hint: str = "") -> Places:
        """Return where each column stands; InvalidValue where a needed one is missing.

        One that is misspelled is taken as it seems to be meant, and of one that stands twice the first, so that what is
        wrong below them is found too: a reader that is done calls :meth:`Places.refuse_faults`. A *hint* ends the
        sentence where a column is missing.
        """
        lacking = self.missing(header)
        if lacking and self.foreign and (told := self.foreign(header)):
            raise InvalidValue(told)
        places = self.recognised(header)
        twice = self._twice(header, places, where)
        if lacking and (meant := self.meant_otherwise(header)):
            faults = [self.no_column(header, where, hint)]
        else:
            slips = self._slips(header, places)
            meant = {place: column for place, (column, _) in slips.items()}
            faults = _misspelled(header, {place: name for place, (_, name) in slips.items()})
            faults += self._wrong(header)
        for place, name in meant.items():
            places.setdefault(name, place)
        if self._still_lacks(places):
            raise InvalidValue(*faults or [self.no_column(header, where, hint)])
        faults = [*twice, *faults]
        for place, name in self._further(header, set(places.values())):
            if places.setdefault(name, place) != place:
                faults.append(f"the column {name!r} stands twice in {where}")
        return Places(places, header, faults)

    def _still_lacks(self, there: Collection[str]) -> str | None:
        """Return the first needed column that is not among those that are there."""
        return next((name for name in self.needed if not {*there} & {name, *self.instead.get(name, ())}), None)

    def _twice(self, header: Sequence[object], places: Mapping[str, int], where: str) -> list[str]:
        """Say which columns stand twice."""
        plain = [simple(name) for name in header]
        taken, faults = set(places.values()), []
        for name, place in places.items():
            alike = {plain[place], *map(simple, self.spellings.get(name, ()))}
            twice = [at for at, other in enumerate(plain) if other in alike and (at == place or at not in taken)]
            if len(twice) > 1:
                told = " and ".join(short_repr(header[at]) for at in twice)
                faults.append(f"the column {name!r} stands twice in {where}, as {told}; rename one of them")
        return faults

    def no_column(self, header: Sequence[object], where: str, hint: str = "") -> str:
        """Say that a needed column is missing: which headers there are, what to name them, or which columns are read.

        The sentence is kept short enough for two lines.
        """
        start = f"there is no column {self.missing(header)!r} in {_cut(where, LONGEST_FILE)}"
        if renamed := self.meant_otherwise(header):
            names = [
                f"for {short_repr(header[place], LONGEST_HEADER)} say {_with_its_sign(name, header[place])}"
                for place, name in renamed.items()
            ]
            return _fitting(f"{start}: ", [names[0], *(name.replace(" say ", " ", 1) for name in names[1:])], hint)
        taken = self.recognised(header).values()
        left = [
            short_repr(name, LONGEST_HEADER) for place, name in enumerate(header)
            if place not in taken and str(name).strip() and not (self.further and self.further(str(name)))
        ]  # fmt: skip
        most = next((most for most in range(HEADERS_NAMED, 1, -1) if len(", ".join(left[:most])) <= HEADERS_TOLD), 1)
        left_told = f", and nothing is read of {some_of(left, most)}" if left else ""
        return _fitting(f"{start}{left_told}; say ", self.listed, hint)

    def meant_otherwise(self, header: Sequence[object]) -> dict[int, str]:
        """Return which missing columns headers are in another language, or with quotes or signs, by their places.

        There are none if a needed column is still missing then.
        """
        there = self.recognised(header)
        own = {bare_header(spelling): name for name in self.names for spelling in (name, *self.spellings.get(name, ()))}
        words = {**self.languages, **own}
        meant: dict[int, str] = {}
        for place, name in enumerate(header):
            column = words.get(bare_header(name)) or words.get(core_of_header(name))
            signed = "%" in str(name) and column != "p"
            if column and not signed and place not in there.values() and column not in {*there, *meant.values()}:
                meant[place] = column
        return {} if self._still_lacks({*there, *meant.values()}) else meant

    def _slips(self, header: Sequence[object], places: Mapping[str, int]) -> dict[int, tuple[str, str]]:
        """Find headers that are nearly the name of a column, or nearly another spelling of one.

        Left as nobody's, a column ``probabilty`` would lose every number in it, and so would ``Wahrscheinlichkeit``.

        Returns:
            By their places, the columns that they seem to be and the names to give them.
        """
        known = {simple(other) for name in self.names for other in (name, *self.spellings.get(name, ()))}
        translated = {} if self.missing(header) else self.meant_otherwise(header)
        slips = {place: (name, _with_its_sign(name, header[place])) for place, name in translated.items()}
        near = NearNames((other, name) for name in self.names for other in (name, *self.spellings.get(name, ())))
        for place in sorted(set(range(len(header))).difference(places.values())):
            named = str(header[place])
            second = simple(named) in known  # a second column of that kind, no slip
            persons = "%" not in named and self.further is not None and self.further(named)
            no_slip = second or persons or (self.wrong and self.wrong(named, header))
            if not no_slip and (meant := near.meant(named)):
                slips.setdefault(place, (meant[0], _with_its_sign(meant[1], named)))
        return slips

    def _wrong(self, header: Sequence[object]) -> list[str]:
        """Say what is wrong with headers that name no column, but might."""
        return [fault for name in header if self.wrong and (fault := self.wrong(str(name), header))]

    def _further(self, header: Sequence[object], taken: Collection[int]) -> list[tuple[int, str]]:
        """Return where columns stand that are taken under a name of their own, and that name."""
        if self.further is None:
            return []
        others = ((place, self.further(str(name))) for place, name in enumerate(header) if place not in taken)
        return [(place, name) for place, name in others if name is not None]

    def piece(self, chosen: Mapping[str, Column], size: int, first: int) -> Piece:
        """Make a piece of the columns that are there."""
        return Piece({**dict.fromkeys(self.names), **chosen}, size, first)


class HeaderFaults(InvalidValue):
    """What is wrong with a header that was read as it seems to be meant.

    Attributes:
        sentences: One for each fault.
    """

    def __init__(self, sentences: Sequence[str]) -> None:
        super().__init__("; ".join(sentences))
        self.sentences = sentences


class Places(dict[str, int]):
    """Where each column stands that is there, by its name.

    Attributes:
        spelled: How the header spells each of them, in its order.
        left: The headers of the columns that are nobody's.
        unnamed: By its place, what a column without a header is called.
        named: How many columns there are up to the last one that has a name.
    """

    def __init__(self, places: Mapping[str, int], header: Sequence[object], faults: Sequence[str] = ()) -> None:
        super().__init__(places)
        self._faults = faults
        in_file = sorted(places.items(), key=lambda found: found[1])
        self.spelled = {name: str(header[place]).strip("\ufeff ") for name, place in in_file}
        others = [(place, str(name).strip()) for place, name in enumerate(header) if place not in {*places.values()}]
        self.left = [name for _, name in others if name]
        self.unnamed = {place: f"column {place + 1} (no header)" for place, name in others if not name}
        self.named = max(place for place, name in enumerate(header, 1) if str(name).strip())

    @property
    def all_left(self) -> list[str]:
        """Return what is nobody's where every column holds something, with a header or without."""
        return [*self.left, *self.unnamed.values()]

    def left_of(self, rows: Iterable[Sequence[object]]) -> list[str]:
        """Return what is nobody's of some rows: columns with a header, and cells that stand under none."""
        empty = dict(self.unnamed)
        for row in rows if empty else ():
            for place in [at for at in empty if at < len(row) and row[at] is not None and row[at] != ""]:
                del empty[place]
        return [*self.left, *(name for place, name in self.unnamed.items() if place not in empty)]

    def refuse_faults(self) -> None:
        """Raise HeaderFaults where a column is misspelled or stands twice."""
        if self._faults:
            raise HeaderFaults(self._faults)


def _with_its_sign(name: str, header: object) -> str:
    """Return the name to give to a column, with the percent sign that its header has."""
    return f"'{name} %'" if "%" in str(header) else name


def _misspelled(header: Sequence[object], named: Mapping[int, str]) -> list[str]:
    """Say which headers are no columns, and the names to give them."""
    slips = {short_repr(header[place]): name.strip("'") for place, name in named.items()}
    if len(slips) == 1:
        name, near_by = next(iter(slips.items()))
        return [f"{name} is no column here; did you mean {near_by!r}? else rename it"]
    pairs = [f"{name} ({near_by}?)" for name, near_by in slips.items()]
    return [_fitting("no columns here, so rename them: ", pairs)] if slips else []


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 3]}..."


def _fitting(start: str, names: Sequence[str], hint: str = "") -> str:
    """Return a sentence with as many of some names as two lines hold, at least two."""
    for held in range(len(names), 1, -1):
        said = f"{start}{', '.join(names[:held])}{', ...' if held < len(names) else ''}{hint}"
        if len(broken_between_quotes(SENTENCE_WIDTH, said)) <= 2:
            return said
    return f"{start}{', '.join(names[:2])}{', ...' if len(names) > 2 else ''}{hint}"
