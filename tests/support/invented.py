"""Invented records of every kind, with a clock and salts that are the same on every run; and Hypothesis strategies."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from itertools import count, groupby, pairwise
from pathlib import Path

from hypothesis import strategies as st

from predictions.enums import (
    Axis,
    Bears,
    ClaimType,
    ForecasterKind,
    Grade,
    Outcome,
    Read,
    Reliability,
    SourceKind,
    Sourcing,
)
from predictions.fields import check_line, check_link, check_text
from predictions.records import (
    Bearing,
    Claim,
    Condition,
    DayChance,
    Event,
    Evidence,
    Forecast,
    Forecaster,
    Import,
    Merge,
    Point,
    Record,
    Resolution,
    Share,
    Source,
    Statement,
)
from predictions.storage.journal import Journal
from predictions.storage.store import Store

STARTED = datetime(2026, 3, 1, 12, tzinfo=UTC)
DIGEST = "0123456789abcdef" * 4


def ticking(start: datetime = STARTED, step: timedelta = timedelta(seconds=1)) -> Callable[[], datetime]:
    """A clock that moves on by one step each time it is asked."""
    ticks = count()
    return lambda: start + step * next(ticks)


def counted_salts() -> Callable[[], bytes]:
    """Salts that are the same on every run."""
    numbers = count()
    return lambda: sha256(b"salt %d" % next(numbers)).digest()[:16]


@contextmanager
def opened(path: Path) -> Iterator[tuple[Journal, Store]]:
    """A journal and store that go by the fixed clock and salts."""
    journal = Journal(path, create=True, clock=ticking(), salts=counted_salts())
    try:
        yield journal, Store(journal)
    finally:
        journal.close()


def write(path: Path, records: Iterable[Record], *, together: int = 4) -> None:
    """Put records into a new file, some under each seal."""
    waiting = list(records)
    with opened(path) as (journal, store):
        for start in range(0, len(waiting), together):
            with journal.writing() as writing:
                for record in waiting[start : start + together]:
                    store.put(writing, record)


ESSAY = Source(
    slug="essay", title="An invented essay", publisher="The Invented Press", link="https://example.org/essay",
    published="2026-02", kind=SourceKind.ARTICLE, recorded_by="ana",
)  # fmt: skip
MOVES = Statement(
    slug="moves", source="essay", text="Two captains will change ships.\nWithin a year.", speaker="The Narrator",
    notes="Ünïcode, 漢字 and 🛶", recorded_by="ana",
)  # fmt: skip
VAGUE = Statement(slug="vague", source="essay", text="The sea will matter.", paraphrased=True, not_resolvable="no date")
CAPTAINS = Claim(
    slug="captains", statement="moves", reading="headline", title="Two captains change ships", wording="Two captains",
    criteria="Both named in a log", type=ClaimType.EVENTS, opens_on="2026-02-01", deadline="2027-01-31",
    horizon="within a year", horizon_read="counted from 2026-02-01", edtf="2026-02-01/2027-01-31", settle_days=14,
    at_least=2, conditions=(Condition(name="rank", text="is a captain"), Condition(name="ship", text="another ship")),
    sourcing=Sourcing.ONE_PRIMARY_OR_TWO_ESTABLISHED, tags=("sea", "crew"), scored=True, notes="first reading",
    asked_as=("fatebook-captains", "kalshi-ships"), recorded_by="ana",
)  # fmt: skip
STRICT = Claim(
    slug="captains-strict", statement="moves", reading="strict", title="Two captains, sworn in", wording="Two captains",
    criteria="Both sworn in", opens_on="2026-02-01", deadline="2027-01-31", given="captains",
)  # fmt: skip
STORM = Claim(
    slug="storm", statement="moves", reading="own", title="A storm", wording="A storm comes", criteria="Any storm",
    opens_on="2026-02-01", deadline="2026-06-30", supersedes="captains-strict",
)  # fmt: skip
TREE = Claim(
    slug="tree", statement="moves", reading="tree", title="Storm or sworn", wording="Either", criteria="By its parts",
    type=ClaimType.ANY_OF, opens_on="2026-02-01", deadline="2027-01-31", parts=("storm", "captains-strict"),
)  # fmt: skip
HELM = Claim(
    slug="helm", statement="moves", reading="helm", title="Who steers", wording="Who steers", criteria="The log",
    type=ClaimType.CHOICE, options=("cook", "captain", "nobody"), opens_on="2026-02-01", deadline="2027-01-31",
    closes_at="2026-06-01T12:00:00.5Z", cluster="ships",
)  # fmt: skip
CATCH = Claim(
    slug="catch", statement="moves", reading="catch", title="Fish caught", wording="Fish caught", criteria="The scales",
    type=ClaimType.NUMBER, unit="million fish", low=0.00000025, high=1e15, scale=Axis.LOG,
    opens_on="2026-02-01", deadline="2027-01-31",
)  # fmt: skip
LANDING = Claim(
    slug="landing", statement="moves", reading="landing", title="When they land", wording="They land",
    criteria="The log", type=ClaimType.DATE, opens_on="2026-02-01", deadline="2027-01-31",
)  # fmt: skip
FIRST_MOVE = Event(
    slug="first-move", title="Captain One moves", happened="2026-02-14", notes="seen by many", recorded_by="ben"
)
SECOND_MOVE = Event(slug="second-move", title="Captain Two moves", happened="2026")
LOGBOOK = Evidence(
    slug="logbook", link="https://example.org/log?page=2#top", title="The log, page 2", publisher="Harbour office",
    published="2026-02-15", happened="2026-02-14", dates_note="by the log", summary="One moved", excerpt='"moved"',
    grade=Grade.PRIMARY, reliability=Reliability.HIGH, reliability_note="sealed", read=Read.PAGE,
    archived="https://example.org/kept/log", archived_sha256=DIGEST, recorded_by="ana",
)  # fmt: skip
GOSSIP = Evidence(slug="gossip", link="http://example.net/", title="Gossip", read=Read.CITATION)
LOGGED = Bearing(
    claim="captains", evidence="logbook", bears=Bears.SUPPORTS, event="first-move", meets=("rank", "ship"),
    likelihood_ratio=2.5, why="named there", recorded_by="ana",
)  # fmt: skip
TALKED = Bearing(claim="captains", evidence="gossip", bears=Bears.CONTEXT)
ANA = Forecaster(
    slug="ana", title="Ana", kind=ForecasterKind.PERSON, accounts=("fatebook-ann", "kalshi-a"), recorded_by="ana"
)
CROWD = Forecaster(slug="crowd", title="The crew", kind=ForecasterKind.CROWD, size=12, method="median")
MODEL = Forecaster(slug="model", title="A model", kind=ForecasterKind.MODEL, cutoff_on="2025-12-31")
SAID = Forecast(
    claim="captains", forecaster="ana", made_at="2026-02-20T08:00:00.000001Z", probability=0.25,
    published_in="essay", because=("logbook", "gossip"), note="one to go", recorded_by="ana",
)  # fmt: skip
READ_OFF = Forecast(
    claim="captains", forecaster="crowd", made_at="2026-02-21T08:00:00Z", probability=0.5, low=0.000000000001, high=1,
    words="quite possibly", scale="some-scale", published_in_evidence="gossip",
)  # fmt: skip
WITHDRAWN = Forecast(claim="captains", forecaster="crowd", made_at="2026-02-22T08:00:00Z", withdrawn=True)
SHARED = Forecast(
    claim="helm", forecaster="model", made_at="2026-02-23T08:00:00Z", shown=True, recorded_by="ana",
    shares=(Share(option="cook", share=0.25), Share(option="captain", share=0.75), Share(option="nobody", share=0)),
)  # fmt: skip
CURVE = Forecast(
    claim="catch", forecaster="model", made_at="2026-02-23T08:00:00Z", shown=False,
    points=(Point(at=0.00000025, chance=0), Point(at=1.5, chance=0.5), Point(at=1e15, chance=0.999999999999)),
)  # fmt: skip
DATED = Forecast(
    claim="landing", forecaster="ana", made_at="2026-02-23T08:00:00Z",
    days=(DayChance(day="2026-06-30", chance=0.25), DayChance(day="2027-01-31", chance=0.5)),
)  # fmt: skip
VERDICT = Resolution(
    claim="storm", number=1, outcome=Outcome.FRACTION, fraction=0.5, happened_on="2026-03-01", known_on="2026-03-02",
    because=("logbook", "gossip"), reason="half a storm", decided_by="ana", recorded_by="ana",
)  # fmt: skip
DISSENT = Resolution(
    claim="storm", number=2, outcome=Outcome.NO, known_on="2026-03-03", impossible=True, reason="calm", dissent=True,
    decided_by="ben",
)  # fmt: skip
CHOSEN = Resolution(
    claim="helm", number=1, outcome=Outcome.OPTION, option="cook", known_on="2026-03-02",
    known_at="2026-03-02T10:30:00Z", published_in="essay", reason="seen at the helm",
)  # fmt: skip
MEASURED = Resolution(
    claim="catch", number=1, outcome=Outcome.VALUE, value=1234567.5, known_on="2026-03-02", reason="weighed",
)  # fmt: skip
LANDED = Resolution(
    claim="landing", number=1, outcome=Outcome.YES, happened_from="2026-03-01", happened_on="2026-03-31",
    known_on="2026-04-01", reason="in March, says the log",
)  # fmt: skip
IMPORTED = Import(
    number=1, file="crew.csv", sha256=DIGEST, forecasts=5, already=1, left_out=0, rounded=0, claims=2,
    claims_sha256=DIGEST, forecasters=1, forecasters_sha256=DIGEST, blocks=1, blocks_root=DIGEST, published_in="essay",
)  # fmt: skip
MERGED = Merge(ledger_id=DIGEST[:32], size=41, root=DIGEST, recorded_by="ben")

EVERY_KIND: tuple[Record, ...] = (
    ESSAY, MOVES, CAPTAINS, FIRST_MOVE, LOGBOOK, GOSSIP, LOGGED, ANA, SAID, STRICT, STORM, VERDICT,
)  # fmt: skip


def corrected(record: Record, reason: str, **changes: object) -> Record:
    """The next revision of a record."""
    fields = {name: getattr(record, name) for name in type(record).model_fields}
    return type(record).model_validate({**fields, **changes, "revision": record.revision + 1, "reason": reason})


EVERYTHING: tuple[Record, ...] = (
    ESSAY, MOVES, VAGUE, CAPTAINS, STRICT, STORM, TREE, FIRST_MOVE, SECOND_MOVE, LOGBOOK, GOSSIP, LOGGED, TALKED,
    ANA, CROWD, SAID, READ_OFF, WITHDRAWN, VERDICT, DISSENT, HELM, CATCH, LANDING, MODEL, SHARED, CURVE, DATED,
    CHOSEN, MEASURED, LANDED,
    corrected(ESSAY, "a typo", title="The invented essay"), corrected(MOVES, "a typo", speaker="Narrator"),
    corrected(CAPTAINS, "clearer", title="Two captains", tags=("crew", "sea", "ships")),
    corrected(FIRST_MOVE, "a day later", happened="2026-02-15"),
    corrected(GOSSIP, "made up", retracted=True),
    corrected(TALKED, "on a second look", bears=Bears.OPPOSES, why="it denies it"),
    corrected(CROWD, "counted anew", size=13), corrected(SAID, "mistyped", probability=0.35),
    corrected(VERDICT, "a whole storm", outcome=Outcome.YES, fraction=None),
)  # fmt: skip

HOSTILE = (
    "'; DROP TABLE entry;--", '"}],"record":"seal"', "<script>alert(1)</script>", "{{7*7}} {% raw %}", "%s %(x)s {0}",
    "a\u202eb", "null", "NaN", "\\u0000", "=cmd|' /C calc'!A0", "e\u0301 and é", "İıK", "𝒳" * 100, "[x](javascript:1)",
    "one\u2028two\u2029", "\ufeffmark",
)  # fmt: skip


def passes(check: Callable[[object], object]) -> Callable[[object], bool]:
    """Whether a check lets a value through."""

    def lets_through(value: object) -> bool:
        try:
            check(value)
        except ValueError:
            return False
        return True

    return lets_through


_CHARACTERS = st.one_of(
    st.characters(exclude_categories=("Cs", "Cc"), codec="utf-8"), st.sampled_from("\n\t\"\\'{}[],:%é漢🛶\u202e")
)
SLUGS = st.from_regex(r"[a-z0-9][a-z0-9-]{0,20}", fullmatch=True).filter(lambda slug: "-" in slug or len(slug) > 4)
TEXTS = st.one_of(st.text(_CHARACTERS, min_size=1, max_size=60), st.sampled_from(HOSTILE)).filter(passes(check_text))
LINES = TEXTS.filter(passes(check_line))
LINKS = st.text("abcXYZ012-._~:/?#[]@!$&()*+,;=%é漢", max_size=30).map("https://example.org/".__add__)
LINKS = LINKS.filter(passes(check_link))
PERIODS = st.one_of(
    st.dates(date(1900, 1, 1), date(2100, 1, 1)).map(date.isoformat),
    st.sampled_from(["1999", "2026", "2026-02", "9999", "0001-01"]),
)
DAYS = st.dates()
MOMENTS = st.datetimes(timezones=st.just(UTC))
DECIMALS = st.one_of(
    st.integers(0, 10**12).map(lambda n: n / 10**12), st.sampled_from([0.0, -0.0, 1e-12, 1e-7, 0.1, 0.3, 1.0])
)
MEASURES = st.one_of(
    st.integers(-(10**12), 10**12).map(lambda n: n / 10**3), st.sampled_from([0.0, 2.5e-7, 1e15, 1e-12, -3.0])
)
INNER = st.integers(1, 10**6 - 1).map(lambda n: n / 10**6)
COUNTS = st.integers(0, 999_999)
TOTALS = st.integers(0, 10**9)
DIGESTS = st.binary(min_size=32, max_size=32).map(bytes.hex)


def _maybe(values: st.SearchStrategy) -> st.SearchStrategy:
    return st.none() | values


def _some(*values: str) -> st.SearchStrategy:
    return st.lists(st.sampled_from(values), unique=True).map(tuple)


_COMMON = {"recorded_by": _maybe(LINES), "revision": st.just(1), "reason": _maybe(TEXTS)}


@st.composite
def sources(draw: st.DrawFn) -> Source:
    return draw(st.builds(
        Source, slug=SLUGS, title=LINES, publisher=_maybe(LINES), link=_maybe(LINKS), published=_maybe(PERIODS),
        kind=st.sampled_from(SourceKind), **_COMMON,
    ))  # fmt: skip


@st.composite
def statements(draw: st.DrawFn) -> Statement:
    return draw(st.builds(
        Statement, slug=SLUGS, source=st.just("essay"), text=TEXTS, paraphrased=_maybe(st.booleans()),
        speaker=_maybe(LINES), not_resolvable=_maybe(TEXTS), notes=_maybe(TEXTS), **_COMMON,
    ))  # fmt: skip


@st.composite
def claims(draw: st.DrawFn) -> Claim:
    kind = draw(st.sampled_from(ClaimType))
    opens, closes = sorted((draw(DAYS), draw(DAYS)))
    of_events, tree = kind is ClaimType.EVENTS, kind in {ClaimType.ALL_OF, ClaimType.ANY_OF}
    several, measured = kind in {ClaimType.CHOICE, ClaimType.ORDERED}, kind is ClaimType.NUMBER
    conditions = st.lists(st.builds(Condition, name=SLUGS, text=TEXTS), unique_by=lambda one: one.name, max_size=4)
    low, high = sorted(draw(st.tuples(MEASURES, MEASURES).filter(lambda ends: ends[0] != ends[1])))
    axes = st.sampled_from([None, Axis.LINEAR, *([Axis.LOG] if low > 0 else [])])
    return draw(st.builds(
        Claim, slug=SLUGS.map("c-".__add__), statement=st.sampled_from(["moves", "vague"]), reading=SLUGS, title=LINES,
        wording=TEXTS, criteria=TEXTS, type=st.just(kind), opens_on=st.just(opens), deadline=st.just(closes),
        closes_at=_maybe(st.just(datetime(closes.year, closes.month, closes.day, 12, tzinfo=UTC))),
        options=st.lists(SLUGS, min_size=2, max_size=5, unique=True).map(tuple) if several else st.just(()),
        unit=LINES if measured else st.none(), low=st.just(low if measured else None),
        high=st.just(high if measured else None), scale=axes if measured else st.none(), cluster=_maybe(SLUGS),
        horizon=_maybe(LINES), horizon_read=_maybe(TEXTS), edtf=_maybe(LINES), settle_days=COUNTS,
        at_least=st.integers(1, 999_999) if of_events else st.none(),
        conditions=conditions.map(tuple) if of_events else st.just(()),
        sourcing=_maybe(st.sampled_from(Sourcing)) if of_events else st.none(),
        parts=st.permutations(["captains", "storm", "captains-strict"]).map(tuple) if tree else st.just(()),
        tags=st.lists(SLUGS, max_size=4).map(tuple), given=_maybe(st.just("captains")),
        supersedes=_maybe(st.just("storm")), scored=st.booleans(), notes=_maybe(TEXTS), **_COMMON,
    ))  # fmt: skip


@st.composite
def events(draw: st.DrawFn) -> Event:
    return draw(st.builds(Event, slug=SLUGS, title=LINES, happened=PERIODS, notes=_maybe(TEXTS), **_COMMON))


@st.composite
def evidence(draw: st.DrawFn) -> Evidence:
    return draw(st.builds(
        Evidence, slug=SLUGS, link=LINKS, title=LINES, publisher=_maybe(LINES), published=_maybe(PERIODS),
        happened=_maybe(PERIODS), dates_note=_maybe(LINES), summary=_maybe(TEXTS), excerpt=_maybe(TEXTS),
        grade=_maybe(st.sampled_from(Grade)), reliability=_maybe(st.sampled_from(Reliability)),
        reliability_note=_maybe(TEXTS), read=_maybe(st.sampled_from(Read)), archived=_maybe(LINKS),
        archived_sha256=_maybe(DIGESTS), retracted=_maybe(st.booleans()), **_COMMON,
    ))  # fmt: skip


@st.composite
def bearings(draw: st.DrawFn) -> Bearing:
    event = draw(_maybe(st.sampled_from(["first-move", "second-move"])))
    return draw(st.builds(
        Bearing, claim=st.sampled_from(["storm", "tree"]), evidence=st.sampled_from(["logbook", "gossip"]),
        bears=st.sampled_from(Bears), event=st.just(event),
        meets=st.lists(SLUGS, max_size=3).map(tuple) if event else st.just(()),
        likelihood_ratio=_maybe(INNER.map(lambda number: number * 1000).filter(lambda number: len(repr(number)) < 12)),
        why=_maybe(TEXTS), **_COMMON,
    ))  # fmt: skip


@st.composite
def forecasters(draw: st.DrawFn) -> Forecaster:
    kind = draw(st.sampled_from(ForecasterKind))
    return draw(st.builds(
        Forecaster, slug=SLUGS, title=LINES, kind=st.just(kind), size=_maybe(COUNTS), method=_maybe(TEXTS),
        cutoff_on=_maybe(DAYS) if kind is ForecasterKind.MODEL else st.none(),
        accounts=st.lists(SLUGS, max_size=3, unique=True).map(tuple), **_COMMON,
    ))  # fmt: skip


@st.composite
def curves(draw: st.DrawFn) -> tuple[tuple[Point, ...], tuple[DayChance, ...]]:
    """Points and days at which the chances do not fall."""
    chances = sorted(draw(st.lists(DECIMALS, min_size=1, max_size=5)))
    places = draw(st.lists(MEASURES, min_size=len(chances), max_size=len(chances), unique=True))
    days = draw(st.lists(DAYS, min_size=len(chances), max_size=len(chances), unique=True))
    points = [Point(at=at, chance=chance) for at, chance in zip(sorted(places), chances, strict=True)]
    return tuple(points), tuple(DayChance(day=day, chance=one) for day, one in zip(sorted(days), chances, strict=True))


@st.composite
def shares(draw: st.DrawFn) -> tuple[Share, ...]:
    """Shares of some options that sum to 1."""
    cuts = [0, *sorted(draw(st.lists(st.integers(0, 1000), min_size=1, max_size=4))), 1000]
    options = draw(st.lists(SLUGS, min_size=len(cuts) - 1, max_size=len(cuts) - 1, unique=True))
    widths = [(after - before) / 1000 for before, after in pairwise(cuts)]
    return tuple(Share(option=option, share=width) for option, width in zip(options, widths, strict=True))


@st.composite
def forecasts(draw: st.DrawFn) -> Forecast:
    low, middle, high = sorted((draw(DECIMALS), draw(DECIMALS), draw(DECIMALS)))
    points, days = draw(curves())
    numbers = draw(st.sampled_from([
        {"probability": middle}, {"low": low, "high": high}, {"probability": middle, "low": low, "high": high},
        {"withdrawn": True}, {"probability": middle, "withdrawn": False}, {"shares": draw(shares())},
        {"points": points}, {"days": days},
    ]))  # fmt: skip
    wordless = numbers.keys() & {"withdrawn", "shares", "points", "days"}
    spoken = {} if wordless else draw(st.sampled_from([{}, {"words": "perhaps", "scale": "s"}]))
    return draw(st.builds(
        Forecast, claim=st.sampled_from(["captains", "storm", "tree"]), forecaster=st.sampled_from(["ana", "crowd"]),
        made_at=MOMENTS, shown=_maybe(st.booleans()), published_in=_maybe(st.just("essay")),
        published_in_evidence=_maybe(st.just("gossip")), because=_some("logbook", "gossip"), note=_maybe(TEXTS),
        **{name: st.just(value) for name, value in (numbers | spoken).items()}, **_COMMON,
    ))  # fmt: skip


@st.composite
def resolutions(draw: st.DrawFn) -> Resolution:
    outcome = draw(st.sampled_from(Outcome))
    happened, known = sorted((draw(DAYS), draw(DAYS)))
    dated = outcome in {Outcome.YES, Outcome.FRACTION} and draw(st.booleans())
    moment = datetime(known.year, known.month, known.day, 10, 30, tzinfo=UTC)
    return draw(st.builds(
        Resolution, claim=st.sampled_from(["captains", "tree"]), number=COUNTS, outcome=st.just(outcome),
        fraction=INNER if outcome is Outcome.FRACTION else st.none(),
        option=SLUGS if outcome is Outcome.OPTION else st.none(),
        value=MEASURES if outcome is Outcome.VALUE else st.none(),
        happened_on=st.just(happened) if dated else st.none(), known_on=st.just(known),
        known_at=_maybe(st.just(moment)), published_in=_maybe(st.just("essay")),
        because=_some("logbook", "gossip"), impossible=_maybe(st.booleans()), decided_by=_maybe(LINES),
        dissent=_maybe(st.booleans()), **_COMMON,
    ))  # fmt: skip


@st.composite
def imports(draw: st.DrawFn) -> Import:
    return draw(st.builds(
        Import, number=COUNTS, file=_maybe(LINES), sha256=DIGESTS, forecasts=TOTALS, already=TOTALS, left_out=TOTALS,
        rounded=TOTALS, claims=TOTALS, claims_sha256=DIGESTS, forecasters=TOTALS, forecasters_sha256=DIGESTS,
        blocks=TOTALS, blocks_root=DIGESTS, published_in=_maybe(st.just("essay")), **_COMMON,
    ))  # fmt: skip


STRATEGIES: dict[type[Record], st.SearchStrategy] = {
    Source: sources(), Statement: statements(), Claim: claims(), Event: events(), Evidence: evidence(),
    Bearing: bearings(), Forecaster: forecasters(), Forecast: forecasts(), Resolution: resolutions(),
    Import: imports(),
    Merge: st.builds(Merge, ledger_id=DIGESTS.map(lambda text: text[:32]), size=TOTALS, root=DIGESTS, **_COMMON),
}  # fmt: skip


def recorded_ledger(path: Path, records: Iterable[tuple[Record, datetime]]) -> Journal:
    """A new ledger of these records, each with when the ledger learned it; earlier ones first."""
    moments = [STARTED]
    journal = Journal(path, create=True, clock=lambda: moments[-1], salts=counted_salts())
    ordered = sorted(records, key=lambda one: one[1])
    for moment, together in groupby(ordered, key=lambda one: one[1]):
        moments.append(moment)
        with journal.writing() as writing:
            for record, _ in together:
                Store(journal).put(writing, record)
    return journal
