"""The table of a scorecard as one Ibis expression, for DuckDB, PostgreSQL, Spark and other engines that Ibis supports.

It is the same arithmetic as :mod:`forecasts.kernel`, which is the one to use if the forecasts fit into memory; a test
holds both equal to 1e-12. Give Ibis tables, never connections; the result is an expression, which runs when its result
is asked for. Times are whole numbers on one scale, best microseconds: then no engine reads a time zone into them.
"""

from __future__ import annotations

from typing import Any, TypeAlias

__all__ = ["BINS", "scorecard_table", "standing_rows"]

BINS = 10
ON_EDGE = BINS * 0.5e-12  # this much below an edge of a bin, a chance equals the edge at 12 decimals

IbisTable: TypeAlias = Any  # ibis.Table: the library is loaded only when a table of it is given
IbisValue: TypeAlias = Any


def scorecard_table(forecasts: IbisTable, claims: IbisTable, *, tags: IbisTable | None = None) -> IbisTable:
    """Compute the figures of each forecaster, and of each tag if *tags* are given, over the claims with an outcome.

    Every claim is one observation. It covers what comes out yes or no: choices, numbers and dates, on which a forecast
    says more than one chance, are for the kernel.

    Args:
        forecasts: A table with the columns claim, forecaster, made_at, place (the order of recording, which breaks ties
            in time) and probability (null withdraws what stood).
        claims: A table with claim, opens, closes, limit (the earlier of deadline and answer), grain (as
            :func:`forecasts.standing.stands_from` takes it) and outcome (0 to 1; null leaves the claim out).
        tags: A table with claim and tag; a claim counts under each of its tags.

    Returns:
        A table with forecaster (and tag), n, brier and log_score (means of the first forecast that stood; a certain and
        wrong one makes the log score infinite), coverage, time_brier and time_skill (over the scheduled window, against
        always 50 %), the Murphy terms over ten equal bins (reliability, resolution, uncertainty, within_variance,
        within_covariance), and for each bin k bin_k_count, bin_k_probability and bin_k_frequency (null if empty).

    Sources: as :mod:`forecasts.scores`, :mod:`forecasts.standing` and :mod:`forecasts.murphy` give them.
    """
    rows = standing_rows(forecasts, claims)
    keys = ["forecaster"]
    if tags is not None:
        rows = rows.join(tags.select("claim", "tag"), "claim")
        keys.append("tag")
    cells = _cells(rows, keys)
    return _figures(cells, keys)


def standing_rows(forecasts: IbisTable, claims: IbisTable) -> IbisTable:
    """Select the forecasts that ever stood on a claim with an outcome: share of the window, loss, and which came first.

    The rule is that of :func:`forecasts.standing.intervals`: if the answer was public by the opening, the forecast that
    stood then is kept, for no time.
    """
    import ibis

    known = claims.filter(claims.outcome.notnull()).select("claim", "opens", "closes", "limit", "grain", "outcome")
    rows = forecasts.select("claim", "forecaster", "made_at", "place", "probability").join(known, "claim")
    step = rows.grain.nullif(0)
    begun = (rows.made_at % step + step) % step  # the part of its step that was over; engines differ on signs of %
    rows = rows.mutate(made_at=(rows.made_at - begun + step).fill_null(rows.made_at))
    series = {"group_by": ["claim", "forecaster"], "order_by": ["made_at", "place"]}
    rows = rows.mutate(following=rows.made_at.lead().over(ibis.window(**series)))
    starts = ibis.greatest(rows.made_at, rows.opens)
    ends = ibis.least(rows.following.fill_null(rows["limit"]), rows["limit"])
    last_before = (rows["limit"] <= rows.opens) & (rows.made_at < rows["limit"]) & (ends == rows["limit"])
    rows = rows.mutate(
        share=ibis.greatest(ends - starts, 0).cast("float64") / (rows.closes - rows.opens).cast("float64"),
        stood=rows.probability.notnull() & ((starts < ends) | last_before),
    )
    rows = rows.filter(rows.stood)
    rows = rows.mutate(first=(ibis.row_number().over(ibis.window(**series)) == 0).ifelse(1, 0))
    loss = (rows.probability - rows.outcome) * (rows.probability - rows.outcome)
    return rows.select("claim", "forecaster", "probability", "outcome", "share", "first", loss=loss)


def _cells(rows: IbisTable, keys: list[str]) -> IbisTable:
    """Sum for each forecaster and bin of first forecasts; later forecasts only add their time."""
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
        chances=chance.sum(where=first),
        outcomes=truth.sum(where=first),
        chances_squared=(chance * chance).sum(where=first),
        outcomes_squared=(truth * truth).sum(where=first),
        products=(chance * truth).sum(where=first),
        brier=rows.loss.sum(where=first),
        log_score=rows.surprise.sum(where=first),
        share=rows.share.sum(),
        loss_over_time=(rows.share * rows.loss).sum(),
        half_over_time=(rows.share * rows.half).sum(),
    )


def _surprise(weight: IbisValue, chance: IbisValue) -> IbisValue:
    """Return -weight ln(chance): 0 if the weight is 0, else infinite if the chance is 0."""
    import ibis

    none = chance == 0
    certain = none.ifelse(ibis.literal(float("inf")), -weight * none.ifelse(1.0, chance).ln())
    return (weight == 0).ifelse(0.0, certain)


def _figures(cells: IbisTable, keys: list[str]) -> IbisTable:
    """Compute the figures of each forecaster from the sums in their bins."""
    import ibis

    everybody = ibis.window(group_by=keys)
    cells = cells.mutate(n=cells["count"].sum().over(everybody), yes=cells.outcomes.sum().over(everybody))
    rate, filled = cells.yes / cells.n, cells["count"] > 0
    size = filled.ifelse(cells["count"].cast("float64"), 1.0)
    chance, frequency = cells.chances / size, cells.outcomes / size
    variance = cells.outcomes_squared - 2 * rate * cells.outcomes + size * rate * rate
    cells = cells.mutate(
        reliability_sum=filled.ifelse(size * (chance - frequency) * (chance - frequency), 0.0),
        resolution_sum=filled.ifelse(size * (frequency - rate) * (frequency - rate), 0.0),
        uncertainty_sum=filled.ifelse(variance, 0.0),
        within_variance_sum=filled.ifelse(cells.chances_squared - cells.chances * chance, 0.0),
        within_covariance_sum=filled.ifelse(2 * (cells.products - cells.chances * frequency), 0.0),
    )
    size = cells["count"].sum().cast("float64")
    return cells.group_by(keys).agg(
        n=cells["count"].sum(),
        brier=cells.brier.sum() / size,
        log_score=cells.log_score.sum() / size,
        coverage=cells.share.sum() / size,
        time_brier=cells.loss_over_time.sum() / size,
        time_skill=(cells.half_over_time.sum() - cells.loss_over_time.sum()) / size,
        reliability=cells.reliability_sum.sum() / size,
        resolution=cells.resolution_sum.sum() / size,
        uncertainty=cells.uncertainty_sum.sum() / size,
        within_variance=cells.within_variance_sum.sum() / size,
        within_covariance=cells.within_covariance_sum.sum() / size,
        **_bins(cells),
    )


def _bins(cells: IbisTable) -> dict[str, IbisValue]:
    """Return the count, the mean probability and the frequency of each bin, by the names of their columns."""
    bins: dict[str, IbisValue] = {}
    for number in range(BINS):
        in_bin = cells["bin"] == number
        count = cells["count"].sum(where=in_bin)
        bins[f"bin_{number}_count"] = count.fill_null(0)
        bins[f"bin_{number}_probability"] = cells.chances.sum(where=in_bin) / count.cast("float64")
        bins[f"bin_{number}_frequency"] = cells.outcomes.sum(where=in_bin) / count.cast("float64")
    return bins
