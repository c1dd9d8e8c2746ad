"""Read the TOML of a catalogue as plain tables, and refuse what no catalogue can be."""

from __future__ import annotations

import re

from predictions.errors import InvalidValue, did_you_mean, short_repr
from predictions.records import RECORDS, Import, Merge, Resolution

CATALOG_FORMAT = 1
DEPTH_LIMIT = 32
MOST_KINDS, MOST_BRACES = 100, 2  # of tables, or dots in keys; around one value

_ASIDE = re.compile(  # texts and comments; what is left open goes on to the end
    r'''"""(?:[^"\\]|\\.|"(?!""))*+(?:"""|\Z)|'''
    r"""'{3}(?:[^']|'(?!''))*+(?:'{3}|\Z)|"""
    r""""(?:[^"\\\n]|\\.)*+"?|'[^'\n]*+'?|#[^\n]*+""",
    re.DOTALL,
)
_STRUCTURE = re.compile(r"[=,{}]|\n(?:[ \t]*+\[[^\n]*+)?")  # what may end a key; a line that begins with a bracket

CATALOG_KINDS = {kind.noun: kind for kind in RECORDS if kind not in {Import, Merge, Resolution}}

CatalogEntry = dict[str, object]
CatalogTables = dict[str, list[CatalogEntry]]


def read_tables(content: str, file: str) -> CatalogTables:
    """Parse the file into lists of plain tables, each list under its noun."""
    import tomllib

    _check_keys(content, file)
    try:
        tables: CatalogEntry = tomllib.loads(content)
        if _depth(tables) > DEPTH_LIMIT:
            raise RecursionError
    except RecursionError:
        raise InvalidValue(f"{file}: nested deeper than {DEPTH_LIMIT} levels; write it flat") from None
    except ValueError as bad:
        what, _, at = str(bad).partition(" (at ")
        wrong = f", {at[:-1]}: this is not TOML: {what}" if at else ": a number in it is too long"
        raise InvalidValue(f"{file}{wrong}") from None
    number = tables.pop("format", None)
    if type(number) is not int or number != CATALOG_FORMAT:
        raise InvalidValue(f"{file}, format: write format = {CATALOG_FORMAT} at the top, not {short_repr(number)}")
    for noun in [noun for noun in tables if noun not in CATALOG_KINDS]:
        hint = "; verdicts are no part of it" if noun == "resolution" else did_you_mean(noun, sorted(CATALOG_KINDS))
        raise InvalidValue(f"{file}: {short_repr(noun)} is not a table of a catalogue{hint}")
    return {noun: list_of_tables(tables[noun], f"{file}, {noun}", f"[[{noun}]]") for noun in tables}


def _check_keys(content: str, file: str) -> None:
    """Refuse more kinds of tables and dotted keys than a catalogue can have.

    Python's TOML reader takes quadratic time over them, so that a small hostile file could occupy it for hours.
    """
    plain = "\n" + _ASIDE.sub('""', content)
    kinds: set[str] = set()
    dots, depth, start = 0, 0, 0
    for sign in _STRUCTURE.finditer(plain):
        if sign[0] == "=":
            dots += plain.count(".", start, sign.start())
        elif sign[0] in "{}":
            depth += 1 if sign[0] == "{" else -1
        elif len(sign[0]) > 1 and sign[0] not in kinds:
            kinds.add(sign[0])
            dots += sign[0].count(".") - 1
        if dots > MOST_KINDS or len(kinds) > MOST_KINDS or depth > MOST_BRACES:
            raise InvalidValue(
                f"{file}: more than {MOST_KINDS} kinds of tables or dots in keys, or more than {MOST_BRACES} braces "
                "around a value; write [[claim]] or the like above each table, and name = value for each field"
            )
        start = sign.end()


def _depth(value: object) -> int:
    """Count how deep tables and arrays are nested."""
    parts = value.values() if isinstance(value, dict) else value if isinstance(value, list) else None
    return 0 if parts is None else 1 + max(map(_depth, parts), default=0)


def list_of_tables(value: object, where: str, written: str) -> list[CatalogEntry]:
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise InvalidValue(f"{where}: this is not a list of tables; write {written} above each of them")
    return value
