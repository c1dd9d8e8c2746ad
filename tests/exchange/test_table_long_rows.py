"""Where a person's column cannot say a forecast, the refusal offers rows that are read as they stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from conftest import Clock

from predictions import Ledger
from predictions.importing.refusals import RowsRefused

OFFER = "write it in rows as these, with your own numbers:\n"
DAY = "2026-03-01"


@pytest.fixture
def types(clock: Clock, tmp_path: Path) -> Ledger:
    """A ledger with a claim of each type that takes a distribution, and one of yes or no."""
    clock.set("2026-04-01")
    ledger = Ledger(tmp_path / "types.db", me="ed")
    ledger.add("Which colour wins", deadline="2027", slug="colour", options=["red", "green", "blue"])
    ledger.add("Cars sold", deadline="2027", slug="cars", unit="million", between=(100, 200))
    ledger.add("Bees left", deadline="2027", slug="bees", unit="hives", between=(1, 1000, "log"))
    ledger.add("The law is passed", deadline="2027", slug="law", when=True)
    return ledger


@pytest.mark.parametrize(
    ("table", "first"),
    [
        ("claim,Made,p:ann,p:bob\ncars,{day},20%,30%\n", "claim,Made,by,quantiles|cars,{day},ann,"),
        ("claim,Made,p:ann\ncars,{day},150\n", "claim,Made,by,quantiles|cars,{day},ann,10%=120; 50%=150; 90%=170"),
        ("claim,Made,p:ann\ncars,{day},0.5\n", "claim,Made,by,quantiles|cars,{day},ann,10%=120; 50%=140; 90%=160"),
        ("claim,Made,p:ann\nbees,{day},40\n", "claim,Made,by,quantiles|bees,{day},ann,10%=4.4; 50%=40; 90%=140"),
        (
            "claim,Made,p:ann\ncars,{day},10%=110; 50%=120; 90%=170\n",
            "claim,Made,by,quantiles|cars,{day},ann,10%=110; 50%=120; 90%=170",
        ),
        ("Made,claim,p:ann\n{day},law,30%\n", "Made,claim,by,day,p|{day},law,ann,2027-12-31,30%"),
        ("claim,Made,p:ann\ncolour,{day},30%\n", "claim,Made,by,option,p|colour,{day},ann,red,33%"),
        (
            "claim,Option,Made,p:ann,p:bob\ncolour,red,{day},20%,1\ncolour,green,{day},30%,0\ncolour,blue,{day},50%,0\n",
            "claim,Option,Made,by,p|colour,red,{day},ann,20%",
        ),
        ("claim,day,Made,p:ann\nlaw,2026-12-31,{day},20%\nlaw,2027-12-31,{day},30%\n", "claim,day,Made,by,p|law,"),
        ("claim,at,Made,p:ann\ncars,120,{day},20%\ncars,150,{day},70%\n", "claim,at,Made,by,p|cars,120,{day},ann,20%"),
        (
            "text,deadline,unit,between,Made,p:ann\nGoats born,2027,head,0..10,{day},40%\n",
            "text,deadline,unit,between,Made,by,quantiles|Goats born,2027,head,0..10,{day},ann,10%=2.5; 50%=4; 90%=6",
        ),
    ],
)
def test_the_rows_offered_instead_of_columns_of_people_are_read(
    types: Ledger, tmp_path: Path, table: str, first: str
) -> None:
    (tmp_path / "wide.csv").write_text(table.format(day=DAY), "utf-8")
    with pytest.raises(RowsRefused) as refused:
        types.import_from("table", tmp_path / "wide.csv")
    offered = str(refused.value).partition(OFFER)[2]
    (tmp_path / "long.csv").write_text(offered, "utf-8")

    done = types.import_from("table", tmp_path / "long.csv")

    assert "|".join(offered.splitlines()[:2]).startswith(first.format(day=DAY))
    assert (done.new["forecast"], done.new["forecaster"]) == (1, 1)
    types.close()


def test_what_a_cell_can_say_is_offered_no_rows(types: Ledger) -> None:
    row = {"claim": "colour", "made_at": DAY, "p:ann": "red=40%; green=40%"}

    with pytest.raises(RowsRefused) as refused:
        types.import_from("table", [row])

    assert OFFER not in str(refused.value)
    types.close()
