"""A table in which no row says how likely is refused if a column that is not read holds chances, in every format."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from spreadsheets import write_spreadsheet

from predictions import InvalidValue, Ledger

HEADER = ["text", "deadline"]
ROW = ["It rains", "2099"]
CHANCES = {
    "persons": {"Me": "70%", "Bob": "60%"},
    "fractions": {"Me": "0.7", "Bob": ""},
    "options": {"north": "40%", "south": "40%", "other": "20%"},
    "decimal commas": {"Me": "0,7"},
    "shares": {"Me": "north=30%; south=70%", "Bob": ""},
    "days": {"Me": "2099-06-30=30%; 2099=60%"},
    "quantiles": {"Me": "10%=1; 50%=4; 90%=8"},
}
NO_CHANCES = {"numbers": {"Nr": "17"}, "yes or no": {"Nr": "1", "Done": "0"}, "words": {"Mood": "good", "Shelf": ""}}


def told(error: object) -> str:
    return " ".join(str(error).split())


@pytest.mark.parametrize("ending", ["csv", "json", "xlsx", "md", "parquet", "frame"])
@pytest.mark.parametrize("cells", CHANCES.values(), ids=CHANCES)
def test_chances_that_nothing_reads_are_refused(
    ledger: Ledger, tmp_path: Path, cells: dict[str, str], ending: str
) -> None:
    header, row = [*HEADER, *cells], [*ROW, *cells.values()]
    source: object = tmp_path / f"t.{ending}"
    if ending == "csv":
        Path(str(source)).write_text(
            "\n".join(";".join(f'"{cell}"' for cell in line) for line in (header, row)) + "\n", "utf-8"
        )
    elif ending == "json":
        Path(str(source)).write_text(json.dumps([dict(zip(header, row, strict=True))]), "utf-8")
    elif ending == "md":
        lines = [f"| {' | '.join(line)} |" for line in (header, ["---"] * len(header), row)]
        Path(str(source)).write_text("\n".join(lines) + "\n", "utf-8")
    elif ending == "xlsx":
        write_spreadsheet(tmp_path / "t.xlsx", {"S": [header, row]})
    else:
        frame = pd.DataFrame([row], columns=header)
        source = frame if ending == "frame" else frame.to_parquet(tmp_path / "t.parquet") or tmp_path / "t.parquet"
    with pytest.raises(InvalidValue) as refused:
        ledger.import_from("table", source)
    assert "no row says how likely, but '" in told(refused.value)
    assert "name such a column p, p:WHO of a person, or say options" in told(refused.value)


@pytest.mark.parametrize("cells", [*NO_CHANCES.values(), {"Me": "70%", "p": ""}, {"Me": "70%", "p": "30%"}])
def test_other_columns_and_those_beside_a_column_of_forecasts_are_left(ledger: Ledger, cells: dict[str, str]) -> None:
    card = ledger.import_from("table", [{"text": "It rains", "deadline": "2099", **cells}])
    assert "not ours and" in told(card)


@pytest.mark.parametrize("header", ["p10", "P50", "q90", "10th percentile", "percentile 90"])
def test_a_column_of_a_quantile_is_refused_with_the_column_it_goes_in(ledger: Ledger, header: str) -> None:
    with pytest.raises(InvalidValue, match="quantiles go in one, quantiles, as 10%=2; 50%=4"):
        ledger.import_from(
            "table", [{"text": "Cars", "deadline": "2099", "unit": "m", "between": "0..10", header: "2"}]
        )
