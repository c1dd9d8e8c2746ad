"""Every line of DDL, as numbered migrations; a released migration is never edited.

Truth lives in typed STRICT tables, one for each kind of record, each row under the number of its entry in
the journal (``entry`` and ``seal``; ``redacted`` and ``kept_salt`` are empty but in a redacted copy). A row
that names another record holds the entry under which that record was first recorded. Triggers refuse UPDATE,
DELETE and replacing INSERT; they are a seat belt, the hashes are the proof.
"""

from __future__ import annotations

import sqlite3
from functools import cache

from predictions.errors import briefly

FORMAT = 1
APPLICATION_ID = 0x50724C67  # "PrLg"

WORDS = {
    "entry_kind": (
        "genesis", "seal", "source", "statement", "claim", "event", "evidence", "bearing", "forecaster",
        "forecast", "resolution", "import", "merge",
    ),
    "source_kind": ("article", "book", "filing", "platform", "post", "report", "talk", "self", "other"),
    "claim_kind": ("yes-no", "events", "all-of", "any-of"),
    "sourcing": ("any", "one-primary-or-two-established"),
    "reliability": ("high", "medium", "low"),
    "grade": ("primary", "established", "other"),
    "read": ("page", "summary", "citation"),
    "bears": ("supports", "opposes", "near-miss", "context", "base-rate"),
    "forecaster_kind": ("person", "publication", "model", "crowd", "reference"),
    "outcome": ("yes", "no", "fraction", "ambiguous", "annulled"),
}  # fmt: skip

JOURNAL = """
create table entry (
    n integer primary key,
    kind text not null references entry_kind (word),
    leaf blob not null check (length(leaf) = 32)
) strict;
create table genesis (
    entry integer primary key references entry (n),
    ledger_id text not null,
    format integer not null
) strict;
create table seal (
    entry integer primary key references entry (n),
    number integer not null unique,
    recorded_at text not null,
    first integer not null,
    size_before integer not null,
    root_before blob not null check (length(root_before) = 32),
    salt blob check (length(salt) = 16),
    size integer not null,
    root blob not null check (length(root) = 32),
    frontier blob not null
) strict;
create table redacted (
    entry integer primary key references entry (n)
) strict;
create table kept_salt (
    entry integer primary key references entry (n),
    salt blob not null check (length(salt) = 16)
) strict
"""

DAY = "text check ({0} is date({0}, '+0 days'))"
COMMON = "recorded_by text, revision integer not null, reason text"

RECORDS = f"""
create table source (
    entry integer primary key references entry (n),
    slug text not null, title text not null, publisher text, link text, published text,
    kind text not null references source_kind (word), {COMMON},
    unique (slug, revision)
) strict;
create table statement (
    entry integer primary key references entry (n),
    slug text not null, source integer not null references source (entry), text text not null,
    paraphrased integer, speaker text, not_resolvable text, notes text, {COMMON},
    unique (slug, revision)
) strict;
create table claim (
    entry integer primary key references entry (n),
    slug text not null, title text not null, statement integer not null references statement (entry),
    reading text not null, kind text not null references claim_kind (word),
    opens_on {DAY.format("opens_on")} not null, resolves_by {DAY.format("resolves_by")} not null,
    scored integer not null, wording text not null, criteria text not null,
    horizon text, horizon_read text, edtf text, settle_days integer not null, at_least integer,
    sourcing text references sourcing (word), given integer references claim (entry),
    supersedes integer references claim (entry), notes text, {COMMON},
    unique (slug, revision)
) strict;
create table claim_conditions (
    claim integer not null references claim (entry), position integer not null,
    name text not null, text text not null, primary key (claim, position)
) strict, without rowid;
create table claim_parts (
    claim integer not null references claim (entry), position integer not null,
    part integer not null references claim (entry), primary key (claim, position)
) strict, without rowid;
create table claim_tags (
    claim integer not null references claim (entry), position integer not null,
    tag text not null, primary key (claim, position)
) strict, without rowid;
create table event (
    entry integer primary key references entry (n),
    slug text not null, title text not null, happened text not null, notes text, {COMMON},
    unique (slug, revision)
) strict;
create table evidence (
    entry integer primary key references entry (n),
    slug text not null, title text not null, link text not null, publisher text, published text,
    happened text, dates_note text, summary text, excerpt text, grade text references grade (word),
    reliability text references reliability (word), reliability_note text,
    read text references read (word), archived text, archived_sha256 text, retracted integer, {COMMON},
    unique (slug, revision)
) strict;
create table bearing (
    entry integer primary key references entry (n),
    claim integer not null references claim (entry), evidence integer not null references evidence (entry),
    bears text not null references bears (word), event integer references event (entry),
    likelihood_ratio real, why text, {COMMON},
    unique (claim, evidence, revision)
) strict;
create table bearing_meets (
    bearing integer not null references bearing (entry), position integer not null,
    condition text not null, primary key (bearing, position)
) strict, without rowid;
create table forecaster (
    entry integer primary key references entry (n),
    slug text not null, title text not null, kind text not null references forecaster_kind (word),
    size integer, method text, {COMMON},
    unique (slug, revision)
) strict;
create table forecast (
    entry integer primary key references entry (n),
    claim integer not null references claim (entry),
    forecaster integer not null references forecaster (entry), made_at text not null,
    probability real check (probability between 0 and 1), low real check (low between 0 and 1),
    high real check (high between 0 and 1), withdrawn integer, words text, scale text,
    published_in integer references source (entry),
    published_in_evidence integer references evidence (entry), note text, {COMMON},
    unique (claim, forecaster, made_at, revision)
) strict;
create table forecast_because (
    forecast integer not null references forecast (entry), position integer not null,
    evidence integer not null references evidence (entry), primary key (forecast, position)
) strict, without rowid;
create table resolution (
    entry integer primary key references entry (n),
    claim integer not null references claim (entry), number integer not null,
    outcome text not null references outcome (word), fraction real,
    happened_on {DAY.format("happened_on")}, known_on {DAY.format("known_on")} not null,
    impossible integer, decided_by text, dissent integer, {COMMON},
    unique (claim, number, revision)
) strict;
create table resolution_because (
    resolution integer not null references resolution (entry), position integer not null,
    evidence integer not null references evidence (entry), primary key (resolution, position)
) strict, without rowid;
create table merge (
    entry integer primary key references entry (n),
    ledger_id text not null, size integer not null, root text not null, {COMMON},
    unique (size, root, revision)
) strict
"""

IMPORTS = f"""
create table import (
    entry integer primary key references entry (n),
    number integer not null, file text, sha256 text, forecasts integer not null,
    already integer not null, left_out integer not null, rounded integer not null,
    claims integer not null, claims_sha256 text not null, forecasters integer not null,
    forecasters_sha256 text not null, blocks integer not null, blocks_root text not null,
    published_in integer references source (entry), {COMMON},
    unique (number, revision)
) strict;
create table import_claim (
    import integer not null references import (entry), position integer not null,
    claim integer not null references claim (entry), primary key (import, position)
) strict, without rowid;
create table import_forecaster (
    import integer not null references import (entry), position integer not null,
    forecaster integer not null references forecaster (entry), primary key (import, position)
) strict, without rowid;
create table block (
    first integer primary key, import integer not null references import (entry), position integer not null,
    forecasts integer not null, digest blob not null check (length(digest) = 32), unique (import, position)
) strict;
create table imported_forecast (
    n integer primary key, claim integer not null, forecaster integer not null, made_at integer not null,
    probability real check (probability between 0 and 1)
) strict
"""

UNIQUE = {
    "entry": "n is new.n",
    "genesis": "entry is new.entry",
    "seal": "entry is new.entry or number is new.number",
    "redacted": "entry is new.entry",
    "kept_salt": "entry is new.entry",
    "source": "entry is new.entry or (slug, revision) = (new.slug, new.revision)",
    "statement": "entry is new.entry or (slug, revision) = (new.slug, new.revision)",
    "claim": "entry is new.entry or (slug, revision) = (new.slug, new.revision)",
    "claim_conditions": "(claim, position) = (new.claim, new.position)",
    "claim_parts": "(claim, position) = (new.claim, new.position)",
    "claim_tags": "(claim, position) = (new.claim, new.position)",
    "event": "entry is new.entry or (slug, revision) = (new.slug, new.revision)",
    "evidence": "entry is new.entry or (slug, revision) = (new.slug, new.revision)",
    "bearing": "entry is new.entry or (claim, evidence, revision) = (new.claim, new.evidence, new.revision)",
    "bearing_meets": "(bearing, position) = (new.bearing, new.position)",
    "forecaster": "entry is new.entry or (slug, revision) = (new.slug, new.revision)",
    "forecast": "entry is new.entry or (claim, forecaster, made_at, revision)"
    " = (new.claim, new.forecaster, new.made_at, new.revision)",
    "forecast_because": "(forecast, position) = (new.forecast, new.position)",
    "resolution": "entry is new.entry or (claim, number, revision) = (new.claim, new.number, new.revision)",
    "resolution_because": "(resolution, position) = (new.resolution, new.position)",
    "merge": "entry is new.entry or (size, root, revision) = (new.size, new.root, new.revision)",
    "import": "entry is new.entry or (number, revision) = (new.number, new.revision)",
    "block": "first is new.first or (import, position) = (new.import, new.position)",
}
UNGUARDED = (  # a look-up before each insert doubles an import's time; its digests tell of a replaced row
    "import_claim", "import_forecaster", "imported_forecast",
)  # fmt: skip

LATEST = "not exists (select 1 from {0} later where later.slug = {1}.slug and later.revision > {1}.revision)"
FRACTION = "(f.made_at % 1000000 + 1000000) % 1000000"
SEALED = "(select recorded_at from seal where seal.entry >= {0}.entry order by seal.entry limit 1)"

VIEWS = f"""
create view claims as
select c.slug, c.title, s.slug as statement, o.slug as source, c.reading, c.kind, c.opens_on, c.resolves_by,
    c.scored, c.wording, c.criteria, {SEALED.format("c")} as recorded_at, c.recorded_by, c.entry
from claim c join statement s on s.entry = c.statement join source o on o.entry = s.source
where {LATEST.format("claim", "c")};
create view forecasts as
select c.slug as claim, w.slug as forecaster, f.made_at, f.probability, f.low, f.high, f.withdrawn, f.words,
    f.scale, f.note, f.revision, {SEALED.format("f")} as recorded_at, f.recorded_by, f.entry
from forecast f join claim c on c.entry = f.claim join forecaster w on w.entry = f.forecaster
union all
select c.slug, w.slug, strftime('%Y-%m-%dT%H:%M:%S', (f.made_at - {FRACTION}) / 1000000, 'unixepoch')
    || printf('.%06dZ', {FRACTION}), f.probability, null, null, iif(f.probability is null, 1, null), null,
    null, null, 1, {SEALED.format("i")}, i.recorded_by, i.entry
from imported_forecast f join claim c on c.entry = f.claim join forecaster w on w.entry = f.forecaster
join block b on b.first = (select max(first) from block where first <= f.n) join import i on i.entry = b.import;
create view evidence_by_claim as
select c.slug as claim, e.slug as evidence, e.title, e.link, e.publisher, e.published, e.happened,
    b.bears, v.slug as event, e.reliability, e.grade, e.retracted, b.why, b.revision,
    {SEALED.format("b")} as recorded_at, b.recorded_by, b.entry
from bearing b join claim c on c.entry = b.claim left join event v on v.entry = b.event
join evidence first on first.entry = b.evidence
join evidence e on e.slug = first.slug and {LATEST.format("evidence", "e")};
create view resolutions as
select c.slug as claim, r.number, r.outcome, r.fraction, r.happened_on, r.known_on, r.reason, r.decided_by,
    r.dissent, {SEALED.format("r")} as recorded_at, r.recorded_by, r.entry
from resolution r join claim c on c.entry = r.claim
"""


def item_tables(noun: str) -> list[str]:
    """The tables that hold the lists of one kind of record."""
    return [table for table in (*UNIQUE, *UNGUARDED) if table.startswith(f"{noun}_")]


def tables() -> list[str]:
    """The tables of this format."""
    return [name for kind, name in _statements() if kind == "table"]


def missing_tables(connection: sqlite3.Connection) -> list[str]:
    """The tables of this format that the file has not, or has something else in place of."""
    query = "select name from main.sqlite_schema where type = 'table'"
    found = {name for (name,) in connection.execute(query)}
    return [name for name in tables() if name not in found]


def differences(connection: sqlite3.Connection) -> list[str]:
    """What in the file's schema is not as this format has it: missing, altered or foreign parts, by name."""
    schema = connection.execute("select type, name, tbl_name, sql from main.sqlite_schema").fetchall()
    found = {(part[0], part[1]): part[3] for part in schema if not _beside(*part)}
    wanted = _statements()
    faults = _missing([part for part in wanted if part not in found])
    for (kind, name), sql in found.items():
        if (kind, name) not in wanted:
            faults.append(f"the {kind} {name} does not belong to a ledger")
        elif sql != wanted[kind, name]:
            faults.append(f"the {kind} {name} was altered")
    for table, words in WORDS.items():
        if found.get(("table", table)) == wanted["table", table]:
            try:
                kept = {word for (word,) in connection.execute(f"select word from main.{table}")}
            except (sqlite3.DatabaseError, UnicodeDecodeError) as error:
                faults.append(f"the words of {table} cannot be read: {briefly(error)}")
                continue
            if kept != set(words):
                faults.append(f"the words of {table} were changed")
    return faults


def _missing(parts: list[tuple[str, str]]) -> list[str]:
    """One sentence for each kind of part that is missing, with the first names."""
    kinds = {kind: [name for other, name in parts if other == kind] for kind, _ in parts}
    return [
        f"the {kind} {names[0]} is missing"
        if len(names) == 1
        else f"{len(names)} {kind}s are missing: {', '.join(names[:3])}{', ...' if len(names) > 3 else ''}"
        for kind, names in kinds.items()
    ]


def _beside(kind: object, name: object, table: object, sql: object) -> bool:
    """Whether it is what SQLite or sqlite-utils keep for themselves."""
    own = {("table", name, name) for name in ("_sqlite_migrations", "sqlite_stat1", "sqlite_stat4")}
    own.add(("index", "idx__sqlite_migrations_migration_set_name", "_sqlite_migrations"))
    return (kind, name, table) in own or (kind == "index" and sql is None)  # SQLite's own have none


@cache
def _statements() -> dict[tuple[str, str], str]:
    """Every statement of this format under the kind and name of what it makes."""
    found = {}
    for statement in _all_statements():
        kind, name = statement.split()[1:3]
        found[kind, name] = statement.replace("create ", "CREATE ", 1).replace(kind, kind.upper(), 1)
    return found


def _all_statements() -> list[str]:
    words = [f"create table {table} (word text primary key) strict, without rowid" for table in WORDS]
    parts = [statement.strip() for statement in f"{JOURNAL};{RECORDS};{IMPORTS};{VIEWS}".split(";")]
    kept = [
        f"create trigger {table}_no_{verb} before {verb} on {table} "
        "begin select raise(abort, 'what is written stays written'); end"
        for table in (*UNIQUE, *UNGUARDED, *WORDS)
        for verb in ("update", "delete")
    ]
    guarded = [
        f"create trigger {table}_no_replace before insert on {table} when exists (select 1 from {table} where {same}) "
        "begin select raise(abort, 'what is written stays written'); end"
        for table, same in {**UNIQUE, **dict.fromkeys(WORDS, "word is new.word")}.items()
    ]
    return [*words, *parts, *kept, *guarded]


def create(connection: sqlite3.Connection) -> None:
    """Bring a new or older file to the current format; the caller holds the transaction."""
    from sqlite_utils import Database, Migrations

    migrations = Migrations("predictions")

    @migrations()
    def m001_first_format(database: Database) -> None:
        for statement in _all_statements():
            database.execute(statement)
        for table, words in WORDS.items():
            for word in words:
                database.execute(f"insert into {table} values (?)", [word])

    migrations.apply(Database(connection, execute_plugins=False))
    connection.execute(f"pragma application_id = {APPLICATION_ID}")
    connection.execute(f"pragma user_version = {FORMAT}")
