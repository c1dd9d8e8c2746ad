"""What is typed and what it prints, to the character: the acts and screens of `tests/data/typed`.

`python tests/support/typed_acts.py` writes the files again; read the difference before it is kept.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Clock
from typed_acts import acts, told


@pytest.mark.parametrize(("file", "act"), [(file, act) for file in ("acts.txt", "screens.txt") for act in acts(file)])
def test_what_is_typed_prints_what_is_on_file(
    file: str, act: str, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    expected = [line for line in acts(file)[act] if line]

    said = list(told(expected, clock, tmp_path))

    assert [line for line in said if line] == expected
    assert max(len(line) for line in said if line[0:1] not in "$@") <= 80
