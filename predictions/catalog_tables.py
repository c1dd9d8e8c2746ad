"""Reading the TOML of a catalogue as plain tables, and refusing text that cannot be one."""

from __future__ import annotations

import re

from predictions.errors import InvalidValue, did_you_mean, short_repr
from predictions.records import RECORDS, Import, Merge, Resolution

CATALOG_FORMAT = 1
DEPTH_LIMIT = 32
MOST_KINDS, MOST_BRACES = 100, 2  # kinds of tables, and dots in keys; braces around one value

_ASIDE = re.compile(  # texts and comments; one without an end runs to the end of the file
    r'''"""(?:[^"\\]|\\.|"(?!""))*+(?:"""|\Z)|'''
    r"""'{3}(?:[^']|'(?!''))*+(?:'{3}|\Z)|"""
    r""""(?:[^"\\\n]|\\.)*+"?|'[^'\n]*+'?|#[^\n]*+""",
    re.DOTALL,
)
_STRUCTURE = re.compile(r"[=,{}]|\n(?:[ \t]*+\[[^\n]*+)?")  # signs that may end a key; lines that begin with a bracket

CATALOG_KINDS = {kind.noun: kind for kind in RECORDS if kind not in {Import, Merge, Resolution}}

CatalogEntry = dict[str, object]
CatalogTables = dict[str, list[CatalogEntry]]


def read_tables(content: str, file: str) -> CatalogTables:
    """Parse the text of a catalogue into lists of plain tables, by noun; *file* is its name in messages."""
    import tomllib

    _check_keys(content, file)
    try:
        tables: CatalogEntry = tomllib.loads(content)
        if _depth(tables) > DEPTH_LIMIT:
            raise RecursionError
    except RecursionError:
        raise InvalidValue(f"{file}: nested deeper than {DEPTH_LIMIT} levels; write it flat") from None
    except ValueError as bad:
        fault, _, position = str(bad).partition(" (at ")
        message = f", {position[:-1]}: this is not TOML: {fault}" if position else ": a number in it is too long"
        raise InvalidValue(f"{file}{message}") from None
    number = tables.pop("format", None)
    if type(number) is not int or number != CATALOG_FORMAT:
        instead = "" if number is None else f", not {short_repr(number)}"
        raise InvalidValue(f"{file}, format: write format = {CATALOG_FORMAT} at the top{instead}")
    for noun in [noun for noun in tables if noun not in CATALOG_KINDS]:
        hint = "; verdicts are no part of it" if noun == "resolution" else did_you_mean(noun, sorted(CATALOG_KINDS))
        raise InvalidValue(f"{file}: {short_repr(noun)} is not a table of a catalogue{hint}")
    return {noun: list_of_tables(tables[noun], f"{file}, {noun}", f"[[{noun}]]") for noun in tables}


def _check_keys(content: str, file: str) -> None:
    """Refuse more kinds of tables and dotted keys than a catalogue can have.

    Python's TOML reader takes quadratic time for them, so that a small hostile file could occupy it for hours.
    """
    plain = "\n" + _ASIDE.sub('""', content)  # without texts and comments, whose signs mean nothing
    kinds: set[str] = set()
    dots, depth, start = 0, 0, 0
    for sign in _STRUCTURE.finditer(plain):
        if sign[0] == "=":
            dots += plain.count(".", start, sign.start())  # in the key before it
        elif sign[0] in "{}":
            depth += 1 if sign[0] == "{" else -1
        elif len(sign[0]) > 1 and sign[0] not in kinds:  # the heading of a table
            kinds.add(sign[0])
            dots += sign[0].count(".") - 1
        if dots > MOST_KINDS or len(kinds) > MOST_KINDS or depth > MOST_BRACES:
            raise InvalidValue(
                f"{file}: more than {MOST_KINDS} kinds of tables or dots in keys, or more than {MOST_BRACES} braces "
                "around a value; write [[claim]] or the like above each table, and name = value for each field"
            )
        start = sign.end()


def _depth(value: object) -> int:
    """Return how deep tables and arrays are nested, 0 for a plain value."""
    if not isinstance(value, (dict, list)):
        return 0
    parts = value.values() if isinstance(value, dict) else value
    return 1 + max(map(_depth, parts), default=0)


def list_of_tables(value: object, where: str, written: str) -> list[CatalogEntry]:
    """Return a value if it is a list of tables; InvalidValue says how they are *written* otherwise."""
    if not isinstance(value, list) or not all(isinstance(entry, dict) for entry in value):
        raise InvalidValue(f"{where}: this is not a list of tables; write {written} above each of them")
    return value
