-- The table of forecasts.engine.scorecard_table, written by hand for DuckDB.
with known as (
    select claim, opens, closes, "limit", outcome from '{folder}/claims.parquet' where outcome is not null
), timed as (
    select f.claim, f.forecaster, f.made_at, f.place, f.probability as p, k.outcome as y,
        greatest(f.made_at, k.opens) as starts,
        least(coalesce(lead(f.made_at) over series, k."limit"), k."limit") as ends,
        (k.closes - k.opens)::double as horizon
    from '{folder}/scored/*.parquet' f join known k using (claim)
    window series as (partition by f.claim, f.forecaster order by f.made_at, f.place)
), stood as (
    select forecaster, p, y, (ends - starts)::double / horizon as share, (p - y) * (p - y) as loss,
        row_number() over (partition by claim, forecaster order by made_at, place) = 1 as is_first
    from timed where p is not null and starts < ends
), cells as (
    select forecaster, case when is_first then least(floor(p * 10 + 5e-12)::bigint, 9) else -1 end as bin,
        count(*) filter (is_first) as n, sum(p) filter (is_first) as said, sum(y) filter (is_first) as came,
        sum(p * p) filter (is_first) as said_twice, sum(y * y) filter (is_first) as came_twice,
        sum(p * y) filter (is_first) as both_ways, sum(loss) filter (is_first) as brier,
        sum(case when y = 0 then 0 when p = 0 then 'infinity'::double else -y * ln(p) end
            + case when y = 1 then 0 when p = 1 then 'infinity'::double else -(1 - y) * ln(1 - p) end)
            filter (is_first) as log_score,
        sum(share) as share, sum(share * loss) as lost, sum(share * (0.5 - y) * (0.5 - y)) as half
    from stood group by all
), rated as (
    select *, sum(came) over (partition by forecaster) / sum(n) over (partition by forecaster) as rate from cells
)
select forecaster, sum(n) as n, sum(brier) / sum(n) as brier, sum(log_score) / sum(n) as log_score,
    sum(share) / sum(n) as coverage, sum(lost) / sum(n) as time_brier, (sum(half) - sum(lost)) / sum(n) as time_skill,
    sum(n * (said / n - came / n) ** 2) filter (n > 0) / sum(n) as reliability,
    sum(n * (came / n - rate) ** 2) filter (n > 0) / sum(n) as resolution,
    sum(came_twice - 2 * rate * came + n * rate * rate) filter (n > 0) / sum(n) as uncertainty,
    sum(said_twice - said * said / n) filter (n > 0) / sum(n) as within_variance,
    sum(2 * (both_ways - said * came / n)) filter (n > 0) / sum(n) as within_covariance,
    map_from_entries(list((bin, [n, said / n, came / n]) order by bin) filter (n > 0)) as bins
from rated group by forecaster order by forecaster
