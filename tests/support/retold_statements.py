"""Who was right in plain counts, told again from the records in plain Python: with statements without a number."""

from __future__ import annotations

from collections import Counter, defaultdict
from datetime import date, timedelta

from retold import Row, components, window
from retold_types import kind_of

from predictions.enums import SourceKind
from predictions.records import Claim, Forecast, Source, Statement
from predictions.slugs import slug_of
from predictions.snapshot import Snapshot, asked_at
from predictions.status import Status, settle_on, status
from predictions.timestamps import end_of

BESIDE = {
    "backdated": "backdated", "too late": "too_late", "on the day of the answer": "last_day",
    "withdrawn": "withdrawn", "no longer fits": "misfit", "superseded": "superseded",
}  # fmt: skip
ENDED = {Status.AMBIGUOUS: "ambiguous", Status.ANNULLED: "annulled"}
PUBLICATIONS = {"article", "book", "filing", "post", "report", "talk"}


def plain(snapshot: Snapshot, rows: dict[tuple[str, str], Row], *, cohort: str = "settled") -> dict[str, Counter[str]]:
    """How many statements of each forecaster came out in each way; *rows* are told of all claims, not filtered."""
    entry = {one.slug: snapshot.revisions(Claim, one.slug)[0].entry for one in snapshot.all(Claim)}
    chains = components((one.slug, one.supersedes) for one in snapshot.all(Claim) if one.supersedes)
    claims = {one.slug: one for one in snapshot.all(Claim) if one.scored and kind_of(one) == "yes-no"}
    places = {key: came(snapshot, claims[key[0]], row, cohort) for key, row in rows.items() if key[0] in claims}
    without: set[tuple[str, str]] = set()
    statements: defaultdict[str, list[Claim]] = defaultdict(list)
    for slug in sorted(claims, key=entry.__getitem__):
        who = speaker(snapshot, claims[slug])
        if who is not None:
            statements[who].append(claims[slug])
    for who, said in statements.items():
        counted = {slug for (slug, own), row in rows.items() if own == who and stands(row)}
        told: list[str] = []  # claims of which the statement counts without a number
        for claim in said:
            chain = {claim.slug}.union(*(group for group in chains if claim.slug in group))
            words = {one.slug for one in claims.values() if alike(snapshot, one, claim)}
            stood, why = in_time(snapshot, claim)
            before = {one for one in counted & chain if entry[one] < entry[claim.slug] or not stood}
            if claim.slug in counted or counted & words or before or {*told} & (chain | words):
                continue
            key = claim.slug, who
            if key in rows and not (stood and came_after(snapshot, claim, who)):
                continue
            if key not in rows or places[key] != "superseded":
                places[key] = came(snapshot, claim, None, cohort) if stood else why
            without |= {key}
            if stood:
                told.append(claim.slug)
                places |= {(one, who): "superseded" for one in counted & chain if one in claims}
    found: defaultdict[str, Counter[str]] = defaultdict(Counter)
    for (slug, who), place in places.items():
        counts = place not in BESIDE.values()
        found[who] += Counter({place: 1, "said": place != "superseded", "no_number": counts and (slug, who) in without})
    return found


def stands(row: Row) -> bool:
    """Whether one of the numbers stood and none of them is set apart but as words."""
    return bool(row["stood"]) and not row["backdated"] and row["place"] != "no longer fits"


def speaker(snapshot: Snapshot, claim: Claim) -> str | None:
    """Who said it; nobody where it was asked."""
    statement = snapshot.find(Statement, claim.statement)
    source = snapshot.find(Source, statement.source)
    if source.kind in {SourceKind.PLATFORM, SourceKind.SELF, SourceKind.LEDGER}:
        return None
    if statement.speaker:
        return slug_of(statement.speaker)
    numbers = [one.record.published_in for one in snapshot.forecasts_on(claim)]
    whole = source.kind in PUBLICATIONS and not statement.paraphrased and source.slug not in numbers
    return slug_of(source.publisher or source.title) if whole else None


def alike(snapshot: Snapshot, one: Claim, other: Claim) -> bool:
    texts = [" ".join(snapshot.find(Statement, claim.statement).text.lower().split()) for claim in (one, other)]
    return texts[0] == texts[1] and one.deadline == other.deadline


def in_time(snapshot: Snapshot, claim: Claim) -> tuple[bool, str]:
    """Whether it was said before the answer was public; if not, why it does not count."""
    statement = snapshot.find(Statement, claim.statement)
    published = snapshot.find(Source, statement.source).published
    learned = snapshot.revisions(Statement, statement.slug)[0].recorded_at
    since = max(learned, asked_at(snapshot, claim))
    dated = published is not None and len(published) == len("2026-01-01")
    if dated:
        since = min(learned, end_of(date.fromisoformat(str(published))) - timedelta.resolution)
    by_day, limit, _ = window(claim, snapshot.verdict(claim))
    if (end_of(since.date()) if by_day else since) < limit:
        return True, ""
    if not dated and claim.opens_on < since.date():
        return False, "backdated"
    return False, "last_day" if since < limit else "too_late"


def came_after(snapshot: Snapshot, claim: Claim, who: str) -> bool:
    """Whether the first number was recorded later than the claim, not with it."""
    first = snapshot.revisions(Claim, claim.slug)[0].recorded_at
    own = [one.record for one in snapshot.forecasts_on(claim) if one.record.forecaster == who]
    learned = [snapshot.revisions(Forecast, claim.slug, who, one.made_at)[0].recorded_at for one in own]
    return min(learned) > first


def came(snapshot: Snapshot, claim: Claim, row: Row | None, cohort: str) -> str:
    """How a claim came out for a number, or for a statement without one; or why that does not count."""
    if row is not None:
        read_late = row["place"] == "words read afterwards"
        place = "backdated" if row["backdated"] and read_late else (read_late and row["missed"]) or row["place"]
        if place in BESIDE:
            return BESIDE[place]
    now, verdict = status(snapshot, claim), snapshot.verdict(claim)
    if not (snapshot.today >= settle_on(claim) or (cohort == "resolved" and now in {Status.RESOLVED, *ENDED})):
        return "open"
    if now in ENDED:
        return ENDED[now]
    if now is not Status.RESOLVED or verdict is None:
        return "no_verdict"
    return {1.0: "came_true", 0.0: "did_not"}.get(verdict.truth, "partly")
