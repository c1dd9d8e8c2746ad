"""Read columns of names: each distinct text is looked at once and becomes the number of its name."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from predictions.importing.cells import BadCell, read_name
from predictions.importing.column_checks import Faults, as_list
from predictions.importing.tables import Column
from predictions.storage.blocks import Ranks

NO_NAME = -1


class Names(dict[str, int]):
    """Maps each text of one column to a number; texts of one name share it, and NO_NAME marks a text that is none.

    Attributes:
        numbers: The number of each distinct name, in the order of arrival.
    """

    def __init__(self, column: str) -> None:
        super().__init__()
        self.numbers: dict[str, int] = {}
        self._column = column
        self._dictionary: tuple[Any, Ranks] | None = None

    def __missing__(self, text: str) -> int:
        """Read a text that was not met before, and keep its number."""
        try:
            number = self.numbers.setdefault(read_name(text), len(self.numbers))
        except BadCell:
            number = NO_NAME
        self[text] = number
        return number

    def read(self, column: Column, faults: Faults) -> Ranks:
        """Return the number of each name in a column; NO_NAME for what is not a name, which is noted as a fault."""
        numbers = self._of_arrow(column) if hasattr(column, "type") else None
        if numbers is None:
            column = as_list(column)
            numbers = self._of_values(column)
        if numbers.min(initial=0) == NO_NAME:
            for index in np.flatnonzero(numbers == NO_NAME).tolist():
                value, fix = column[index], "not a name; say it as text"
                try:
                    read_name(value.as_py() if hasattr(value, "as_py") else value)
                except (BadCell, UnicodeDecodeError) as error:
                    fix = str(error)
                faults.setdefault(index, (self._column, fix))
        return numbers

    def _of_values(self, values: Sequence[Any]) -> Ranks:
        look_up = self.__getitem__ if set(map(type, values)) <= {str} else self._of_any
        return np.fromiter(map(look_up, values), np.int32, len(values))

    def _of_any(self, value: object) -> int:
        """Return the number of a value of any type; NO_NAME if it is not a name."""
        try:
            return self[value if type(value) is str else read_name(value)]
        except BadCell:
            return NO_NAME

    def _of_arrow(self, column: Any) -> Ranks | None:
        """Return the number of each name in an Arrow column of text; None for another, to be read by value."""
        from pyarrow import compute, types

        if types.is_string_view(column.type):
            column = column.cast("large_string")
        if types.is_string(column.type) or types.is_large_string(column.type):
            column = compute.dictionary_encode(column)
        if not types.is_dictionary(column.type):
            return None
        dictionary, codes = column.dictionary, column.indices.fill_null(len(column.dictionary))
        if self._dictionary is None or not self._dictionary[0].equals(dictionary):  # pieces of a table share it
            distinct = self._of_values(as_list(dictionary))
            self._dictionary = dictionary, np.append(distinct, np.int32(NO_NAME))  # the last is for missing values
        numbers: Ranks = self._dictionary[1].take(codes.to_numpy(zero_copy_only=False))
        return numbers
