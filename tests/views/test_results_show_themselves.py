"""Every result of the library prints as its screen, whichever class it is."""

from __future__ import annotations

import pkgutil
from collections.abc import Iterator
from importlib import import_module

import predictions
from predictions import Ledger
from predictions.render.result import Result


def results(of: type[Result]) -> Iterator[type[Result]]:
    """Yield all classes below one, each after those above it."""
    for one in of.__subclasses__():
        yield one
        yield from results(one)


def test_no_result_prints_as_a_list_of_its_fields() -> None:
    for module in pkgutil.walk_packages(predictions.__path__, "predictions."):
        if not module.name.endswith("__main__"):
            import_module(module.name)

    every = list(results(Result))
    assert len(every) > 20
    assert [one.__name__ for one in every if one.__repr__ is not Result.__repr__] == []


def test_a_claim_looked_up_by_its_slug_prints_as_its_screen(ledger: Ledger) -> None:
    ledger.add("Cars sold", deadline="2027-06-30", slug="cars", p=0.3)

    assert repr(ledger["cars"]) == str(ledger.claim("cars"))
    assert repr(ledger["cars"]).startswith("cars   ")
