"""What a card should say, told again from the records in plain Python, one forecaster on one claim after the other.

Nothing here is shared with the columns but where a record stands: its status, its tally, who published it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import groupby
from math import log
from statistics import fmean
from typing import Any

from retold_places import judged, place_of, still_saved
from retold_places import near as near_outcome
from retold_types import DAY, expected, kind_of, loss, possible, said_by, saved, truth_of

from predictions.enums import ClaimType, Outcome
from predictions.records import Claim, Forecast, Resolution, Source, Statement
from predictions.snapshot import Snapshot, said_numbers
from predictions.status import Status, counts_until, outcome_of, published, settle_on, status
from predictions.timestamps import end_of, start_of

Row = dict[str, Any]
NEVER = datetime.max.replace(tzinfo=UTC)
ENDED = {
    Status.ANNULLED: "annulled",
    Status.AMBIGUOUS: "ambiguous",
    Status.OVERDUE: "overdue",
    Status.DUE: "due, no verdict",
}


def told(
    snapshot: Snapshot, fits: Callable[[Claim], bool] = lambda claim: True, *, cohort: str = "settled",
    rule: str = "first",
) -> dict[tuple[str, str], Row]:  # fmt: skip
    """What every row of a card should say, by claim and forecaster."""
    claims = [claim for claim in snapshot.all(Claim) if claim.scored]
    rows = {
        (claim.slug, who): row(snapshot, claim, who, cohort=cohort, rule=rule)
        for claim in claims
        for who in {one.record.forecaster for one in snapshot.forecasts_on(claim)}
        if utterances(snapshot, claim, who)[0]
    }
    for chain in components((one.slug, one.supersedes) for one in snapshot.all(Claim) if one.supersedes):
        for who in {who for _, who in rows}:
            once(snapshot, [row for (slug, own), row in rows.items() if own == who and slug in chain])
    fair, wide = (units(snapshot, in_time_only=only) for only in (True, False))
    fitting = {claim.slug for claim in claims if fits(claim)}
    return {
        key: row | {"unit": fair[key[0]], "cluster": wide[key[0]]} for key, row in rows.items() if key[0] in fitting
    }


def row(snapshot: Snapshot, claim: Claim, who: str, *, cohort: str, rule: str) -> Row:
    """One forecaster on one claim."""
    verdict = snapshot.verdict(claim)
    truth = truth_of(claim, verdict) if outcome_of(snapshot, claim) is not Outcome.ANNULLED else None
    said, backdated, read_late, apart = utterances(snapshot, claim, who)
    opens = start_of(claim.opens_on)
    by_day, limit, closes = window(claim, verdict)
    begins = [(end_of(at.date()) if by_day else at) for at, _ in said]
    stood = [span for span in spans(begins, opens, limit) if said_by(claim, said[span[0]][1]) is not None]
    first = said[stood[0][0] if stood else 0]
    horizon = (closes - opens) / DAY
    value = None if verdict is None or truth is None else verdict.truth if kind_of(claim) == "yes-no" else verdict.value
    misfit = bool(said) and not any(says_something(claim, forecast) for _, forecast in said)
    found: Row = {
        "claim": claim.slug, "forecaster": who, "statement": claim.statement, "type": kind_of(claim), "truth": truth,
        "value": value, "backdated": backdated, "set_apart": apart, "imputed": first[1].imputed and not misfit,
        "stood": bool(stood), "began": stood[0][1] if stood else None,
        "coverage": sum((end - start) / DAY for _, start, end in stood) / horizon,
        "entered": (stood[0][1] - opens) / DAY / horizon if stood else None,
    }  # fmt: skip
    scored = stood[0 if rule == "first" else -1][0] if stood else None
    found |= scores(snapshot, claim, truth, None if scored is None else (begins[scored], said[scored][1]))
    found["time_skill"] = (
        sum(
            saved(claim, said_by(claim, said[place][1]), truth, (start - opens) / DAY, (end - opens) / DAY)
            for place, start, end in stood
        )
        if stood and truth is not None
        else None
    )
    stays = [(said_by(claim, said[at][1]), (start - opens) / DAY, (end - opens) / DAY) for at, start, end in stood]
    found |= {"stays": stays, "saved_ends": (found["time_skill"],) * 2}
    if found["time_skill"] is None and stood and kind_of(claim) != "yes-no":
        found["saved_ends"] = still_saved(claim, stays, snapshot.today)
    found["pooled"] = None if found["time_skill"] is None else found["time_skill"] / expected(claim)
    late = not stood and begins[0] >= limit
    now = status(snapshot, claim)
    waits = cohort == "settled" and snapshot.today < settle_on(claim)
    open_still = now is Status.OPEN or (waits and now in {Status.RESOLVED, Status.DUE})
    unresolved = "open" if open_still else ENDED.get(now)
    missed = ("on the day of the answer" if said[0][0] < limit < closes else "too late") if late else "withdrawn"
    place = "backdated" if backdated else (unresolved or "scored") if stood else missed
    nowhere = "no longer fits" if misfit else "words read afterwards" if read_late else None
    return found | {"place": nowhere or place, "waits": waits, "missed": None if stood else missed}


def scores(snapshot: Snapshot, claim: Claim, truth: Any, scored: tuple[datetime, Forecast] | None) -> Row:
    """The figures of the forecast that is scored, and when it began to stand; and what it can still lose."""
    found: Row = {"log_score": None, "least": None, "most": None, "near": None, "place_in": None}
    for end in ("low", "probability", "high"):
        said = scored and said_by(claim, scored[1], end)
        passed = max((scored[0] - start_of(claim.opens_on)) // DAY, 0) if scored else 0
        passed = min(passed, (claim.deadline - claim.opens_on).days)
        found[end] = said if kind_of(claim) == "yes-no" else None
        brier = None if said is None or truth is None else loss(claim, said, truth, passed)
        found["brier" if end == "probability" else f"brier_{end}"] = brier
        if end == "probability" and said is not None:
            losses = [loss(claim, said, outcome, passed) for outcome in possible(claim, said, snapshot.today)]
            found["least"], found["most"] = (min(losses), max(losses)) if brier is None else (brier, brier)
            if brier is not None and kind_of(claim) != "yes-no":
                found["near"] = near_outcome(claim, said, truth, passed)
            if brier is not None and claim.type in {ClaimType.NUMBER, ClaimType.DATE}:
                found["place_in"] = place_of(claim, said, truth, passed)
            elif brier is not None:
                found["log_score"] = logarithm(said[truth], 1.0) if claim.options else logarithm(said, truth)
    return found


def utterances(snapshot: Snapshot, claim: Claim, who: str) -> tuple[list[tuple[datetime, Forecast]], bool, bool, bool]:
    """What was said and when; whether its times, or its words, count for nothing; whether some was left out."""
    own = [one.record for one in snapshot.forecasts_on(claim) if one.record.forecaster == who]
    fitting = [one for one in own if says_something(claim, one)]
    if own and not fitting:
        return [(one.made_at, one) for one in own], False, False, False
    *told, apart = fitting_utterances(snapshot, claim, who)
    return *told, apart or len(fitting) < len(own)


def fitting_utterances(
    snapshot: Snapshot, claim: Claim, who: str
) -> tuple[list[tuple[datetime, Forecast]], bool, bool, bool]:
    """The same of what fits the claim as it stands."""
    verdict = snapshot.verdict(claim)
    public = (verdict.known_at or start_of(verdict.known_on)) if verdict else NEVER
    own_records = [one.record for one in snapshot.forecasts_on(claim) if one.record.forecaster == who]
    made = [one.made_at for one in own_records if says_something(claim, one)]
    histories = {at: snapshot.revisions(Forecast, claim.slug, who, at) for at in made}
    own = [
        item.recorded_at for revisions in histories.values() for item in revisions
        if item.record.probability is not None and item.record.words is None
    ]  # fmt: skip
    in_time = {}
    for at, revisions in histories.items():
        in_time[at] = []
        for number, item in enumerate(revisions, 1):
            learned = since(revisions[:number])
            ours = item.record.words is not None or (
                item.record.low is not None and item.record.probability is None and not near(learned, at)
            )
            if not (ours and (learned >= public or any(one < learned for one in own))):
                in_time[at].append(item)
        if in_time[at] and not says_something(claim, in_time[at][-1].record):
            in_time[at] = []  # before the late reading something stood that says nothing of this claim
    late = {at for at in made if not in_time[at]}
    kept = [at for at in made if at not in late] or made
    if len(late) < len(made):
        histories = in_time
    dated: list[tuple[datetime, Forecast]] = []
    unsaid, later = 0, set()
    for at in kept:
        revisions = histories[at]
        if published(snapshot, revisions[-1].record):
            dated.append((at, revisions[-1].record))
            continue
        if near(since(revisions), at):
            from_then = max(at, last_asked(snapshot, claim))
            if from_then.date() <= snapshot.today:
                dated.append((from_then, revisions[-1].record))
            later.add(at)
            continue
        when = [near(item.recorded_at, at) or published(snapshot, item.record) for item in revisions]
        if not any(when):
            unsaid += 1
            continue
        last = max(place for place, one in enumerate(when) if one)
        dated.append((at, revisions[last].record))
        for before, item in zip(revisions[last:], revisions[last + 1 :], strict=False):
            if said_numbers(before.record) != said_numbers(item.record) and item.recorded_at.date() <= snapshot.today:
                dated.append((item.recorded_at, item.record))
    backdated = not dated
    said = dated or [(at, histories[at][-1].record) for at in kept if at not in later]
    apart = (0 < len(late) < len(made)) or (not backdated and unsaid > 0)
    said = [one for one in said if says_something(claim, one[1])]
    return sorted(said, key=lambda one: one[0]), backdated, len(late) == len(made), apart


def says_something(claim: Claim, forecast: Forecast) -> bool:
    """Whether it fits what the claim asks; a withdrawal always does."""
    return forecast.withdrawn or said_by(claim, forecast) is not None


def since(revisions: Any) -> datetime:
    """When the numbers that stand were recorded first, without others in between."""
    learned = revisions[-1].recorded_at
    for item in reversed(revisions):
        if said_numbers(item.record) != said_numbers(revisions[-1].record):
            break
        learned = item.recorded_at
    return learned


def last_asked(snapshot: Snapshot, claim: Claim) -> datetime:
    """When a claim last began to ask something else."""
    revisions = snapshot.revisions(Claim, claim.slug)
    names = ("wording", "criteria", "type", "deadline", "closes_at", "options", "low", "high", "scale")
    asks = [[getattr(one.record, name) for name in names] for one in revisions]
    changed = [item.recorded_at for item, new, old in zip(revisions[1:], asks[1:], asks, strict=False) if new != old]
    return changed[-1] if changed else datetime.min.replace(tzinfo=UTC)


def near(recorded_at: datetime, made_at: datetime) -> bool:
    return abs(recorded_at - made_at) <= timedelta(minutes=5)


def window(claim: Claim, verdict: Resolution | None) -> tuple[bool, datetime, datetime]:
    """Whether it is told by the day, from when on nothing counts, and where its scheduled horizon ends."""
    end = end_of(claim.deadline)
    closes = claim.closes_at or end
    if claim.closes_at and (
        not verdict or verdict.known_at or verdict.known_on >= (closes - timedelta.resolution).date()
    ):
        return False, min(closes, (verdict and verdict.known_at) or NEVER), closes
    if not verdict:
        return True, closes, closes
    first_day_after = end_of(verdict.known_on)
    if verdict.known_at and verdict.known_at.time() == datetime.min.time():
        first_day_after = verdict.known_at
    return True, min(closes, first_day_after), closes


def spans(begins: list[datetime], opens: datetime, limit: datetime) -> list[tuple[int, datetime, datetime]]:
    """Which utterance stood from when to when; of several at one time the last."""
    found = []
    for place, begin in enumerate(begins):
        end = min([limit, *begins[place + 1 : place + 2]])
        start = max(begin, opens)
        if start < end:
            found.append((place, start, end))
        elif limit <= opens and begin < limit and end == limit:
            found.append((place, opens, opens))
    return found


def logarithm(chance: float, value: float) -> float:
    """The log score; infinite where what was excluded happened."""
    parts = [(value, chance), (1 - value, 1 - chance)]
    return sum(-share * log(one) if one else float("inf") for share, one in parts if share)


def once(snapshot: Snapshot, rows: list[Row]) -> None:
    """One forecaster's rows on a chain of superseding: counted is the one recorded first, whatever came of it."""
    entry = {row["claim"]: snapshot.revisions(Claim, row["claim"])[0].entry for row in rows}
    stood = [row for row in rows if row["stood"] and row["place"] not in {"no longer fits", "words read afterwards"}]
    among = [row for row in stood if not row["backdated"]] or stood
    if among:
        on_file = {row["claim"]: first_on_file(snapshot, row["claim"], row["forecaster"]) for row in among}
        first = min(among, key=lambda row: (on_file[row["claim"]], row["began"], entry[row["claim"]]))
        for one in rows:
            if one is not first and (one in stood or entry[one["claim"]] > entry[first["claim"]]):
                one["place"] = "superseded"


def first_on_file(snapshot: Snapshot, slug: str, forecaster: str) -> datetime:
    """When the first forecast that can count was made, by the platform that asked; of others when it was recorded."""
    claim = snapshot.find(Claim, slug)
    asked = snapshot.find(Source, snapshot.find(Statement, claim.statement).source)
    own = [one.record for one in snapshot.forecasts_on(claim) if one.record.forecaster == forecaster]
    every = [item for one in own for item in snapshot.revisions(Forecast, slug, forecaster, one.made_at)]
    dated = [
        item.record.made_at if asked.kind == "platform" and item.record.published_in == asked.slug else item.recorded_at
        for item in every
        if item.recorded_at - item.record.made_at <= timedelta(minutes=5)
        or item.record.published_in or item.record.published_in_evidence
    ]  # fmt: skip
    return min(dated, default=datetime.min.replace(tzinfo=UTC))


def components(pairs: Iterable[tuple[str, str]]) -> list[set[str]]:
    """The sets of claims that hang together by some pairs of slugs."""
    found: list[set[str]] = []
    for pair in pairs:
        touched = [group for group in found if group & set(pair)]
        found = [group for group in found if group not in touched] + [set(pair).union(*touched)]
    return found


def units(snapshot: Snapshot, *, in_time_only: bool) -> dict[str, str]:
    """For each claim the first slug of all that hang together with it."""
    claims = snapshot.all(Claim)
    pairs = linked(claims, begun_only=in_time_only)
    hangs = {slug: group for group in components(pairs) for slug in group}
    members: dict[tuple[str, str], list[str]] = {}
    for revision in sorted(
        (item for one in claims for item in snapshot.revisions(Claim, one.slug)), key=lambda item: item.entry
    ):
        for group in grouped_by(snapshot, claims, revision.record):
            inside, slug = members.setdefault(group, []), revision.record.slug
            together = {claim for one in [*inside, slug] for claim in hangs[one]}
            if slug not in inside and (not in_time_only or in_time(snapshot, revision, together)):
                inside.append(slug)
    pairs += [(group[0], slug) for group in members.values() for slug in group]
    found = {one.slug: one.slug for one in claims}
    return found | {slug: min(group) for group in components(pairs) for slug in group}


def grouped_by(snapshot: Snapshot, claims: list[Claim], claim: Claim) -> Iterator[tuple[str, str]]:
    """What one revision of a claim puts it together with others by: its cluster, and the claim that it is given.

    The latter only if it is given that claim to this day, supersedes none, and began its statement.
    """
    if claim.cluster:
        yield "cluster", claim.cluster
    begins = next(one.slug for one in claims if one.statement == claim.statement) == claim.slug
    if claim.given and begins and not claim.supersedes and snapshot.find(Claim, claim.slug).given == claim.given:
        yield "given", claim.given


def linked(claims: list[Claim], *, begun_only: bool) -> list[tuple[str, str]]:
    """Pairs that hang together by statement, superseding or what they are given; claims come in ledger order.

    *begun_only* leaves out what claims are given, and takes superseding for a claim that began its statement.
    """
    pairs = [(one.slug, two.slug) for one in claims for two in claims if one.statement == two.statement]
    for place, one in enumerate(claims):
        before = claims[:place]
        if one.supersedes and (not begun_only or all(two.statement != one.statement for two in before)):
            pairs.append((one.slug, one.supersedes))
        if not begun_only:
            pairs += [(one.slug, two.slug) for two in before if one.given and two.given == one.given]
    return pairs


def in_time(snapshot: Snapshot, declared: Any, slugs: set[str]) -> bool:
    """Whether a forecast that ends the time, or an answer, on none of the claims came before they were put together.

    One's own ends it when a tenth of the window is gone, and never on its day.
    """
    day = declared.recorded_at.date()
    for slug in slugs:
        claim = snapshot.find(Claim, slug)
        opens = start_of(claim.opens_on)
        begun_until = (opens + (counts_until(claim, None) - opens) / 10).date()
        for item in snapshot.forecasts_on(claim):
            first = snapshot.revisions(Forecast, slug, item.record.forecaster, item.record.made_at)[0]
            own = item.record.forecaster == declared.record.recorded_by
            if first.entry < declared.entry and not (own and day <= max(first.recorded_at.date(), begun_until)):
                return False
        said = [item.record for one in snapshot.resolutions_of(claim)
                for item in snapshot.revisions(Resolution, slug, one.record.number)]  # fmt: skip
        if any(one.known_on <= day for one in said if not one.dissent):
            return False
    return True


def mean_of_units(rows: Iterable[Row], name: str) -> float | None:
    """One observation a unit; None of no rows, and of what their type does not have."""
    groups: dict[str, list[Any]] = {}
    for one in rows:
        groups.setdefault(one["unit"], []).append(one[name])
    if not groups or any(None in group for group in groups.values()):
        return None
    return fmean(fmean(group) for group in groups.values())


def pooled(rows: Iterable[Row]) -> dict[str, Row]:
    """The skill of everybody who is scored on claims of several types, in units of what "knows nothing" expects."""
    found: dict[str, Row] = {}
    for who, own in groupby(sorted(rows, key=lambda row: row["forecaster"]), lambda row: row["forecaster"]):
        scored = [one for one in own if one["place"] == "scored" and not one["imputed"]]
        if len(types := {one["type"] for one in scored}) > 1:
            found[who] = {
                "forecaster": who, "n": len({one["cluster"] for one in scored}), "types": len(types),
                "time_skill": mean_of_units(scored, "pooled"), "coverage": mean_of_units(scored, "coverage"),
            }  # fmt: skip
    return found


def record(rows: list[Row]) -> Row:
    """The figures of one forecaster, from all of their rows."""
    scored = [one for one in rows if one["place"] == "scored" and not one["imputed"]]
    words_only = bool(rows) and all(one["imputed"] for one in rows)
    apart = [one for one in rows if one["place"] == "backdated" and one["brier"] is not None and not one["waits"]]
    count = Counter(one["place"] for one in rows)
    ended = Counter(one["place"] for one in rows if one["waits"] and one["place"] in {"annulled", "ambiguous"})
    names = {"due, no verdict": "no verdict yet", "backdated": "backdated (apart)"}
    places = (
        "annulled", "ambiguous", "overdue", "due, no verdict", "backdated", "too late", "on the day of the answer",
        "withdrawn", "superseded", "no longer fits", "words read afterwards",
    )  # fmt: skip
    found: Row = {
        name: mean_of_units(scored, name) for name in ("brier", "log_score", "time_skill", "coverage", "entered")
    }
    for name, open_too in (("due", False), ("open", True)):
        among = {"scored", "due, no verdict", "overdue"} | ({"open"} if open_too else set())
        ends = [
            one
            for one in rows
            if one["place"] in among and not one["backdated"] and one["stood"] and one["imputed"] == words_only
        ]
        found[name] = tuple(mean_of_units(ends, end) for end in ("least", "most")) if ends else None
    found["saved_ends"] = [
        mean_of_units([one | {"saved_end": one["saved_ends"][end]} for one in ends], "saved_end") for end in (0, 1)
    ]
    found["unknown"] = any(one["truth"] is None for one in ends)
    sided = [one for one in scored if one["near"] is not None]
    found["near"] = (sum(one["near"] for one in sided), len(sided), len({one["cluster"] for one in sided}))
    found["judged"] = judged(scored) if scored and scored[0]["place_in"] else None
    return found | {
        "n": len({one["cluster"] for one in scored}), "words_only": words_only,
        "backdated": len({one["cluster"] for one in apart}), "backdated_brier": mean_of_units(apart, "brier"),
        "funnel": {names.get(place, place): count[place] - ended[place] for place in places} | {
            "forecast": len(rows), "scored": len(scored),
            "with others apart": sum(one["set_apart"] for one in rows),
        },
    }  # fmt: skip
