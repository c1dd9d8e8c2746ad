-- Every table, index and view of format 1. The triggers against change, and the word tables, are made in schema.py.

-- The journal: what was entered, in order; each transaction's seal; what a redacted copy lacks.
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
) strict;

-- What is recorded: a table for each kind of record, and one for each of its lists. A row that names another record
-- holds the entry under which that record was first recorded.
create table source (
    entry integer primary key references entry (n),
    slug text not null, title text not null, publisher text, link text, published text,
    kind text not null references source_kind (word),
    recorded_by text, revision integer not null, reason text,
    unique (slug, revision)
) strict;
create table statement (
    entry integer primary key references entry (n),
    slug text not null, source integer not null references source (entry), text text not null,
    words blob not null check (length(words) = 32), paraphrased integer, speaker text, not_resolvable text,
    notes text,
    recorded_by text, revision integer not null, reason text,
    unique (slug, revision)
) strict;
create table claim (
    entry integer primary key references entry (n),
    slug text not null, title text not null, statement integer not null references statement (entry),
    reading text not null, type text not null references claim_type (word),
    opens_on text check (opens_on is date(opens_on, '+0 days')) not null,
    deadline text check (deadline is date(deadline, '+0 days')) not null,
    closes_at text, scored integer not null, wording text not null, criteria text not null,
    horizon text, horizon_read text, edtf text, settle_days integer not null, at_least integer,
    sourcing text references sourcing (word), given integer references claim (entry),
    supersedes integer references claim (entry), cluster text, unit text, low real, high real,
    scale text references axis (word), notes text,
    recorded_by text, revision integer not null, reason text,
    unique (slug, revision)
) strict;
create table claim_options (
    claim integer not null references claim (entry), position integer not null,
    option text not null, primary key (claim, position)
) strict, without rowid;
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
create table claim_asked_as (
    claim integer not null references claim (entry), position integer not null,
    question text not null, primary key (claim, position)
) strict, without rowid;
create table event (
    entry integer primary key references entry (n),
    slug text not null, title text not null, happened text not null, notes text,
    recorded_by text, revision integer not null, reason text,
    unique (slug, revision)
) strict;
create table evidence (
    entry integer primary key references entry (n),
    slug text not null, title text not null, link text not null, publisher text, published text,
    happened text, dates_note text, summary text, excerpt text, grade text references grade (word),
    reliability text references reliability (word), reliability_note text,
    read text references read (word), archived text, archived_sha256 text, retracted integer,
    recorded_by text, revision integer not null, reason text,
    unique (slug, revision)
) strict;
create table bearing (
    entry integer primary key references entry (n),
    claim integer not null references claim (entry), evidence integer not null references evidence (entry),
    bears text not null references bears (word), event integer references event (entry),
    likelihood_ratio real, why text,
    recorded_by text, revision integer not null, reason text,
    unique (claim, evidence, revision)
) strict;
create table bearing_meets (
    bearing integer not null references bearing (entry), position integer not null,
    condition text not null, primary key (bearing, position)
) strict, without rowid;
create table forecaster (
    entry integer primary key references entry (n),
    slug text not null, title text not null, kind text not null references forecaster_kind (word),
    size integer, method text, cutoff_on text check (cutoff_on is date(cutoff_on, '+0 days')),
    recorded_by text, revision integer not null, reason text,
    unique (slug, revision)
) strict;
create table forecaster_accounts (
    forecaster integer not null references forecaster (entry), position integer not null,
    account text not null, primary key (forecaster, position)
) strict, without rowid;
create table forecast (
    entry integer primary key references entry (n),
    claim integer not null references claim (entry),
    forecaster integer not null references forecaster (entry), made_at text not null,
    probability real check (probability between 0 and 1), low real check (low between 0 and 1),
    high real check (high between 0 and 1), withdrawn integer, words text, scale text,
    shown integer, published_in integer references source (entry),
    published_in_evidence integer references evidence (entry), note text,
    recorded_by text, revision integer not null, reason text,
    unique (claim, forecaster, made_at, revision)
) strict;
create table forecast_shares (
    forecast integer not null references forecast (entry), position integer not null, option text not null,
    share real not null check (share between 0 and 1), primary key (forecast, position)
) strict, without rowid;
create table forecast_points (
    forecast integer not null references forecast (entry), position integer not null, at real not null,
    chance real not null check (chance between 0 and 1), primary key (forecast, position)
) strict, without rowid;
create table forecast_days (
    forecast integer not null references forecast (entry), position integer not null,
    day text check (day is date(day, '+0 days')) not null, chance real not null check (chance between 0 and 1),
    primary key (forecast, position)
) strict, without rowid;
create table forecast_because (
    forecast integer not null references forecast (entry), position integer not null,
    evidence integer not null references evidence (entry), primary key (forecast, position)
) strict, without rowid;
create table resolution (
    entry integer primary key references entry (n),
    claim integer not null references claim (entry), number integer not null,
    outcome text not null references outcome (word), fraction real, option text, value real,
    happened_from text check (happened_from is date(happened_from, '+0 days')),
    happened_on text check (happened_on is date(happened_on, '+0 days')),
    known_on text check (known_on is date(known_on, '+0 days')) not null, known_at text,
    published_in integer references source (entry),
    impossible integer, decided_by text, dissent integer,
    recorded_by text, revision integer not null, reason text,
    unique (claim, number, revision)
) strict;
create table resolution_because (
    resolution integer not null references resolution (entry), position integer not null,
    evidence integer not null references evidence (entry), primary key (resolution, position)
) strict, without rowid;
create table merge (
    entry integer primary key references entry (n),
    ledger_id text not null, size integer not null, root text not null,
    recorded_by text, revision integer not null, reason text,
    unique (size, root, revision)
) strict;

-- Imports, the lists of claims and forecasters of their blocks, and the blocks, stored as the bytes that are hashed.
-- Blocks are stored before their import is entered, so their references wait for the end of the transaction.
create table import (
    entry integer primary key references entry (n),
    number integer not null, file text, sha256 text, forecasts integer not null,
    already integer not null, left_out integer not null, rounded integer not null,
    claims integer not null, claims_sha256 text not null, forecasters integer not null,
    forecasters_sha256 text not null, blocks integer not null, blocks_root text not null,
    published_in integer references source (entry),
    recorded_by text, revision integer not null, reason text,
    unique (number, revision)
) strict;
create table import_list (
    import integer primary key references entry (n) deferrable initially deferred,
    claims blob not null, forecasters blob not null
) strict;
create table block (
    import integer not null references entry (n) deferrable initially deferred, position integer not null,
    forecasts integer not null, first_claim integer not null references claim (entry),
    last_claim integer not null references claim (entry), digest blob not null check (length(digest) = 32),
    content blob not null, primary key (import, position)
) strict;

-- Where a verb looks things up. None on forecast, entry and seal: each would cost an append a page.
create index claim_of_statement on claim (statement);
create index claim_superseding on claim (supersedes) where supersedes is not null;
create index claim_on_condition on claim (given) where given is not null;
create index claim_with_part on claim_parts (part);
create index statement_of_words on statement (words);
create index evidence_of_link on evidence (link);
create index bearing_of_evidence on bearing (evidence);

-- What a person reads: facts with names and times, nothing computed.
create view claims as
select c.slug, c.title, s.slug as statement, o.slug as source, c.reading, c.type, c.opens_on, c.deadline,
    c.closes_at, c.settle_days, c.cluster,
    (select group_concat(option, ', ')
        from (select option from claim_options where claim = c.entry order by position)) as options,
    c.unit, c.low, c.high, c.scale, c.scored, c.wording, c.criteria,
    (select recorded_at from seal where seal.entry >= c.entry order by seal.entry limit 1) as recorded_at,
    c.recorded_by, c.entry
from claim c join statement s on s.entry = c.statement join source o on o.entry = s.source
where not exists (select 1 from claim later where later.slug = c.slug and later.revision > c.revision);
create view forecasts as
select c.slug as claim, w.slug as forecaster, f.made_at,
    case
        when f.withdrawn then 'withdrawn'
        when f.probability is not null then printf('%.12g', f.probability)
            || iif(f.low is null, '', printf(' (%.12g to %.12g)', f.low, f.high))
        when f.low is not null then printf('%.12g to %.12g', f.low, f.high)
        else coalesce(
            (select group_concat(printf('%s %.12g', option, share), ', ')
                from (select option, share from forecast_shares where forecast = f.entry order by position)),
            (select group_concat(printf('<= %.15g: %.12g', at, chance), ', ')
                from (select at, chance from forecast_points where forecast = f.entry order by position)),
            (select group_concat(printf('%s: %.12g', day, chance), ', ')
                from (select day, chance from forecast_days where forecast = f.entry order by position)))
    end as said,
    f.probability, f.low, f.high, f.withdrawn, f.words, f.scale, f.shown, o.slug as published_in, f.note, f.revision,
    (select recorded_at from seal where seal.entry >= f.entry order by seal.entry limit 1) as recorded_at,
    f.recorded_by,
    f.entry
from forecast f join claim c on c.entry = f.claim join forecaster w on w.entry = f.forecaster
left join source o on o.entry = f.published_in;
create view imports as
select i.number, i.file, i.forecasts, i.claims, i.forecasters, i.already, i.left_out, i.rounded, i.blocks,
    o.slug as published_in, i.sha256,
    (select recorded_at from seal where seal.entry >= i.entry order by seal.entry limit 1) as recorded_at,
    i.recorded_by, i.entry
from import i left join source o on o.entry = i.published_in;
create view evidence_by_claim as
select c.slug as claim, e.slug as evidence, e.title, e.link, e.publisher, e.published, e.happened,
    b.bears, v.slug as event, e.reliability, e.grade, e.retracted, b.why, b.revision,
    (select recorded_at from seal where seal.entry >= b.entry order by seal.entry limit 1) as recorded_at,
    b.recorded_by, b.entry
from bearing b join claim c on c.entry = b.claim left join event v on v.entry = b.event
join evidence first on first.entry = b.evidence
join evidence e on e.slug = first.slug
    and not exists (select 1 from evidence later where later.slug = e.slug and later.revision > e.revision);
create view resolutions as
select c.slug as claim, r.number, r.outcome, r.fraction, r.option, r.value, r.happened_from, r.happened_on, r.known_on, r.known_at,
    o.slug as published_in, r.reason, r.decided_by, r.dissent, r.revision,
    (select recorded_at from seal where seal.entry >= r.entry order by seal.entry limit 1) as recorded_at,
    r.recorded_by, r.entry
from resolution r join claim c on c.entry = r.claim left join source o on o.entry = r.published_in;
