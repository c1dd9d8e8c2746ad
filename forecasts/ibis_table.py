"""The table of a scorecard as one Ibis expression, for DuckDB, PostgreSQL, Spark and whatever else Ibis speaks to.

It is the same arithmetic as :mod:`forecasts.kernel`, which is what to use where the forecasts fit into memory; a test
holds both equal to 1e-12. Give Ibis tables, never connections; what comes back is an expression, run by whoever asks
for its result. Times are whole numbers on one scale, microseconds for choice: no engine then reads a time zone into
them.
"""

from __future__ import annotations

from typing import Any, TypeAlias

__all__ = ["BINS", "scorecard_table", "standing_rows"]

BINS = 10
ON_EDGE = BINS * 0.5e-12  # so much below an edge a chance is the same as the edge, at 12 decimals

Table: TypeAlias = Any  # ibis.Table and ibis.Value: the library is loaded only by whoever has a table of it
Value: TypeAlias = Any


def scorecard_table(forecasts: Table, claims: Table, *, tags: Table | None = None) -> Table:
    """For each forecaster, and each tag if *tags* are given, the figures over the claims that have an outcome.

    `forecasts` has the columns claim, forecaster, made_at, place (breaks ties in time: the order of recording) and
    probability (null withdraws what stood). `claims` has claim, opens, closes, limit (the earlier of deadline and
    answer), grain (the step from whose end a forecast stands, as :func:`forecasts.standing.stands_from` has it; 0: at
    once) and outcome (0 to 1; null keeps the claim out). `tags` has claim and tag; a claim counts under each of its
    tags. Every claim is one observation.

    The result has forecaster (and tag), n, brier and log_score (means of the first forecast that stood; a certain and
    wrong one makes the log score infinite), coverage, time_brier and time_skill (over the scheduled window, against
    always 50 %), the Murphy terms over ten equal bins (reliability, resolution, uncertainty, within_variance,
    within_covariance), and for each bin k bin_k_count, bin_k_probability and bin_k_frequency (null where empty).

    Sources: as :mod:`forecasts.scores`, :mod:`forecasts.standing` and :mod:`forecasts.murphy` give them.
    """
    rows = standing_rows(forecasts, claims)
    keys = ["forecaster"]
    if tags is not None:
        rows = rows.join(tags.select("claim", "tag"), "claim")
        keys.append("tag")
    cells = _cells(rows, keys)
    return _figures(cells, keys)


def standing_rows(forecasts: Table, claims: Table) -> Table:
    """The forecasts that ever stood on a claim with an outcome: share of the window, loss, and which came first.

    As in :func:`forecasts.standing.intervals`: where the answer was public by the opening, the one that stood then.
    """
    import ibis

    known = claims.filter(claims.outcome.notnull()).select("claim", "opens", "closes", "limit", "grain", "outcome")
    rows = forecasts.select("claim", "forecaster", "made_at", "place", "probability").join(known, "claim")
    step = rows.grain.nullif(0)
    begun = (rows.made_at % step + step) % step  # of the step in which it was made
    rows = rows.mutate(made_at=(rows.made_at - begun + step).fill_null(rows.made_at))
    series = {"group_by": ["claim", "forecaster"], "order_by": ["made_at", "place"]}
    rows = rows.mutate(following=rows.made_at.lead().over(ibis.window(**series)))
    starts = ibis.greatest(rows.made_at, rows.opens)
    ends = ibis.least(rows.following.fill_null(rows["limit"]), rows["limit"])
    at_last = (rows["limit"] <= rows.opens) & (rows.made_at < rows["limit"]) & (ends == rows["limit"])  # for no time
    rows = rows.mutate(
        share=ibis.greatest(ends - starts, 0).cast("float64") / (rows.closes - rows.opens).cast("float64"),
        stood=rows.probability.notnull() & ((starts < ends) | at_last),
    )
    rows = rows.filter(rows.stood)
    rows = rows.mutate(first=(ibis.row_number().over(ibis.window(**series)) == 0).ifelse(1, 0))
    loss = (rows.probability - rows.outcome) * (rows.probability - rows.outcome)
    return rows.select("claim", "forecaster", "probability", "outcome", "share", "first", loss=loss)


def _cells(rows: Table, keys: list[str]) -> Table:
    """Sums for each forecaster and bin of first forecasts; later forecasts add their time only."""
    first = rows["first"] == 1
    chance, truth = rows.probability, rows.outcome
    rows = rows.mutate(
        bin=first.ifelse((chance * BINS + ON_EDGE).floor().cast("int64").clip(upper=BINS - 1), -1),
        surprise=_surprise(truth, chance) + _surprise(1 - truth, 1 - chance),
        half=(0.5 - truth) * (0.5 - truth),
    )
    first, chance, truth = rows["first"] == 1, rows.probability, rows.outcome
    return rows.group_by([*keys, "bin"]).agg(
        count=rows["first"].sum(),
        said=chance.sum(where=first),
        came=truth.sum(where=first),
        said_twice=(chance * chance).sum(where=first),
        came_twice=(truth * truth).sum(where=first),
        both=(chance * truth).sum(where=first),
        brier=rows.loss.sum(where=first),
        log_score=rows.surprise.sum(where=first),
        share=rows.share.sum(),
        lost=(rows.share * rows.loss).sum(),
        half=(rows.share * rows.half).sum(),
    )


def _surprise(weight: Value, chance: Value) -> Value:
    """- weight ln chance; 0 without weight, infinite without a chance."""
    import ibis

    none = chance == 0
    certain = none.ifelse(ibis.literal(float("inf")), -weight * none.ifelse(1.0, chance).ln())
    return (weight == 0).ifelse(0.0, certain)


def _figures(cells: Table, keys: list[str]) -> Table:
    """The figures of each forecaster from their bins."""
    import ibis

    everybody = ibis.window(group_by=keys)
    cells = cells.mutate(n=cells["count"].sum().over(everybody), yes=cells.came.sum().over(everybody))
    size, rate = cells["count"].cast("float64"), cells.yes / cells.n
    filled = cells["count"] > 0
    size = filled.ifelse(size, 1.0)
    said, came = cells.said / size, cells.came / size
    cells = cells.mutate(
        off=filled.ifelse(size * (said - came) * (said - came), 0.0),
        apart=filled.ifelse(size * (came - rate) * (came - rate), 0.0),
        doubt=filled.ifelse(cells.came_twice - 2 * rate * cells.came + size * rate * rate, 0.0),
        spread=filled.ifelse(cells.said_twice - cells.said * said, 0.0),
        joint=filled.ifelse(2 * (cells.both - cells.said * came), 0.0),
    )
    size = cells["count"].sum().cast("float64")
    bins: dict[str, Value] = {}
    for number in range(BINS):
        here = cells["bin"] == number
        count = cells["count"].sum(where=here)
        bins[f"bin_{number}_count"] = count.fill_null(0)
        bins[f"bin_{number}_probability"] = cells.said.sum(where=here) / count.cast("float64")
        bins[f"bin_{number}_frequency"] = cells.came.sum(where=here) / count.cast("float64")
    return cells.group_by(keys).agg(
        n=cells["count"].sum(),
        brier=cells.brier.sum() / size,
        log_score=cells.log_score.sum() / size,
        coverage=cells.share.sum() / size,
        time_brier=cells.lost.sum() / size,
        time_skill=(cells.half.sum() - cells.lost.sum()) / size,
        reliability=cells.off.sum() / size,
        resolution=cells["apart"].sum() / size,
        uncertainty=cells.doubt.sum() / size,
        within_variance=cells.spread.sum() / size,
        within_covariance=cells.joint.sum() / size,
        **bins,
    )
