"""Write an invented contest of :mod:`skill_world` into a ledger, as a platform's dump: claims, forecasts, verdicts.

Each step is a day, told by the moment. A claim that is answered early has its ``known_at`` at the start of that step.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import zip_longest

import numpy as np
from skill_world import STEPS

from predictions.records import Claim, Source, Statement

OPENS = datetime(2026, 1, 2, tzinfo=UTC)
ENDS = OPENS + timedelta(days=STEPS)
COMES = ("it-comes", "it-does-not")
AFTERWARDS = ENDS + timedelta(days=30)


def name_of(person):
    return f"f{person}"


def claim_of(number):
    return f"c{number}"


def write_claims(ledger, claims):
    """Put so many claims of 24 days on file."""
    put_all(ledger, {claim_of(number): {} for number in range(claims)})


def put_all(ledger, claims):
    """Put claims on file, by slug, with a source of kind "platform"; of 24 days unless their fields say otherwise."""
    usual = {"opens_on": OPENS.date(), "deadline": (ENDS - timedelta(1)).date(), "closes_at": ENDS}
    with ledger._journal.writing() as writing:
        put = ledger._store.put
        put(writing, Source(slug="site", title="A site", kind="platform"))
        for slug, fields in claims.items():
            put(writing, Statement(slug=slug, source="site", text=f"It comes, {slug}."))
            put(writing, Claim(
                slug=slug, statement=slug, reading="headline", title=slug, wording="x", criteria="x",
                scored=True, settle_days=0, **(usual | fields),
            ))  # fmt: skip


def columns_of(entries, name=name_of, claim=claim_of, begin=0):
    """The rows of an import: a number wherever it changes, and a withdrawal wherever it goes; from a first step on."""
    said = entries.said
    before = np.concatenate((np.full((said.shape[0], 1), np.nan), said[:, :-1]), axis=1)
    changed = (said != before) & ~(np.isnan(said) & np.isnan(before))
    row, step = np.nonzero(changed)
    value = np.clip(said[row, step], 1e-9, 1 - 1e-9)  # a ledger takes no smaller chances than 1e-12
    opening, day = int(OPENS.timestamp()) * 1_000_000, 86_400_000_000
    return {
        "claim": [claim(number) for number in entries.claim[row].tolist()],
        "forecaster": [name(number) for number in entries.who[row].tolist()],
        "made_at": (opening + (begin + step) * day).tolist(),
        "probability": [None if gone else number for gone, number in zip(np.isnan(value), value.tolist(), strict=True)],
        "withdrawn": np.isnan(value).tolist(),
    }


def verdicts_of(world):
    rows = []
    for number, (true, step) in enumerate(zip(world.outcome.tolist(), world.answered.tolist(), strict=True)):
        known = min(OPENS + step * timedelta(1), ENDS)
        happened = min(known, ENDS - timedelta(1)).date()
        rows.append({
            "claim": claim_of(number), "outcome": "yes" if true else "no", "known_on": str(known.date()),
            "known_at": known.isoformat(), "happened_on": str(happened) if true else None, "reason": "seen",
        })  # fmt: skip
    return rows


def write_contest(ledger, clock, world, entries, name=name_of):
    """Write all of a contest, and move the clock to a month after its end."""
    write_claims(ledger, world.known.size)
    clock.set(AFTERWARDS)
    ledger.import_forecasts(columns_of(entries, name), published_in="site")
    ledger.import_resolutions(verdicts_of(world))


def write_questions(ledger, clock, scene, entries, questions):
    """Write all of a contest with the field in short windows, and the rest with far deadlines, as the questions say."""
    world, length = scene.world, STEPS // questions.windows
    in_field = np.isin(np.arange(world.known.size), scene.topic)
    far = OPENS + questions.beyond * STEPS * timedelta(1)
    rest = {"closes_at": far, "deadline": (far - timedelta(1)).date()}
    claims = {claim_of(number): rest for number in np.flatnonzero(~in_field).tolist()}
    forecasts, verdicts = [columns_of(some_of(entries, ~in_field[entries.claim]))], verdicts_of(world)
    asked = [row | {"impossible": questions.beyond > 1 and row["outcome"] == "no"} for row in verdicts]
    asked = [row for row, field in zip(asked, in_field, strict=True) if not field]
    for window in range(questions.windows):
        begin, slug = window * length, f"{claim_of('{}')}-{window}".format
        there = in_field & (begin < world.answered)  # else it is not asked
        opens = OPENS + begin * timedelta(1)
        fields = {"opens_on": opens.date(), "closes_at": opens + length * timedelta(1)}
        claims |= {slug(number): fields for number in np.flatnonzero(there).tolist()}
        asked += [verdicts[number] | {"claim": slug(number)} for number in np.flatnonzero(there).tolist()]
        stands = some_of(entries, there[entries.claim])
        forecasts.append(
            columns_of(stands._replace(said=stands.said[:, begin : begin + length]), claim=slug, begin=begin)
        )
    if questions.options:
        more = [f"else-{number}" for number in range(questions.options - len(COMES))]
        options = {slug: COMES if "-" in slug else (*COMES, *more) for slug in claims}
        claims = {slug: fields | {"type": "choice", "options": options[slug]} for slug, fields in claims.items()}
        forecasts = [as_choices(part, options) for part in forecasts]
        asked = [row | {"outcome": COMES[row["outcome"] == "no"], "happened_on": None} for row in asked]
    put_all(ledger, claims)
    clock.set(far + timedelta(days=30))
    for part in forecasts:
        ledger.import_forecasts(part, published_in="site")
    ledger.import_resolutions(asked)


def as_choices(columns, options):
    """The same numbers as those of two options, and 0 for the others; nobody withdraws."""
    rows = list(zip(columns["claim"], columns["forecaster"], columns["made_at"], columns["probability"], strict=True))
    told = [
        (*row, option, share)
        for *row, number in rows
        for option, share in zip_longest(options[row[0]], (number, 1 - number), fillvalue=0.0)
    ]
    names = ("claim", "forecaster", "made_at", "option", "probability")
    return dict(zip(names, map(list, zip(*told, strict=True)), strict=True))


def some_of(entries, chosen):
    return type(entries)(*(column[chosen] for column in entries))
