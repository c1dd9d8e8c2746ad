"""A ledger whose charts are hard to draw: one forecaster and many, thin bands, long and wide names; all invented."""

from __future__ import annotations

from conftest import Clock

from predictions import Ledger

FEW = ["red", "blue", "green", "other"]
LONG = ["a coalition of the two largest parties", "a minority government of one party", "new elections", "other"]
MANY = [f"candidate-{number}" for number in range(14)]
NAMES = ["Ana", "Prof. Benedikt von Hohenfels-Wittelstein", "東京経済研究所予測班", "Cy"]
OUTLOOK = {"said_on": "2026-01-02", "link": "https://weekly.example/outlook", "deadline": "2026-06-30"}


def every_shape(ledger: Ledger, clock: Clock) -> list[str]:
    """Record claims of every type, by one forecaster, four and twenty, settled early, late and never; their slugs."""
    clock.set("2026-01-05")
    slugs = [_alone(ledger, type_) for type_ in ("choice", "number", "log", "date", "number, half known")]
    slugs += [_by_many(ledger, clock, type_, NAMES) for type_ in ("long options", "many options", "number", "date")]
    slugs += [
        _by_many(ledger, clock, type_, [f"F{number}" for number in range(20)]) for type_ in ("thin", "date of many")
    ]
    slugs.append(ledger.quote("Tech Oracle", "A lab will probably go public", words="probably", **OUTLOOK).slug)
    slugs.append(ledger.quote("Tech Oracle", "The minister resigns", p=0.8, **OUTLOOK).slug)
    clock.set("2026-08-05")
    seen = {"reason": "seen", "known_on": "2026-03-01"}
    ledger.resolve("choice-alone", "blue", **seen)
    ledger.resolve("number-alone", 4.4, reason="counted", known_on="2026-07-14")
    ledger.resolve("thin", "other", **seen)
    ledger.resolve("date-of-many", "yes", happened_on="2026-05", known_on="2026-06-02", reason="seen")
    ledger.resolve("date-alone", "no", reason="not seen")
    return slugs


def _terms(type_: str) -> dict[str, object]:
    if type_.startswith("number"):
        return {"unit": "million cars", "between": (0, 10), "quantiles": {0.1: 4, 0.5: 4.2, 0.9: 4.5}}
    if type_ == "log":
        return {
            "unit": "百万ドル (million dollars)",
            "between": (10, 10000, "log"),
            "quantiles": {0.1: 200, 0.5: 800, 0.9: 3000},
        }
    if type_.startswith("date"):
        return {"when": True, "p": {"March 2026": 0.1, "2026-06-30": 0.6}}
    options = {"long options": LONG, "many options": MANY}.get(type_, FEW)
    rest = 0.06 / (len(options) - 2)
    return {"options": options, "p": dict(zip(options, [0.9, 0.04, *[rest] * (len(options) - 2)], strict=True))}


def _alone(ledger: Ledger, type_: str) -> str:
    slug = f"{type_} alone".replace(",", "").replace(" ", "-")
    return ledger.quote("Tech Oracle", f"What comes, {type_}?", slug=slug, **OUTLOOK, **_terms(type_)).slug


def _by_many(ledger: Ledger, clock: Clock, type_: str, names: list[str]) -> str:
    terms, slug = _terms(type_), type_.replace(" ", "-")
    said = {name: terms.pop(name) for name in ("p", "quantiles") if name in terms}
    ledger.quote("Tech Oracle", f"What comes, {type_}, by many?", slug=slug, **OUTLOOK, **terms, **said)
    for day in ("2026-01-20", "2026-02-10"):
        clock.set(day)
        for name in names:
            ledger.forecast(slug, by=name, kind="person", again=True, **said)
    return slug
