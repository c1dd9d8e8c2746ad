"""Every record comes back from its rows as it went in, with the same bytes; hostile text is only text."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented import EVERYTHING, HOSTILE, IMPORTED, MERGED, STRATEGIES, opened, write

from predictions.enums import Bears
from predictions.errors import NotFound, Tampered
from predictions.records import RECORDS, Bearing, Claim, Event, Evidence, Forecast, Forecaster, Record, Source
from predictions.slugs import words_digest
from predictions.storage import schema
from predictions.storage.batch import hashed_fields
from predictions.storage.canonical import canonical
from predictions.storage.claim_queries import evidence_of_link
from predictions.storage.journal import Journal
from predictions.storage.layout import class_of, field_columns
from predictions.storage.seals import Writing
from predictions.storage.store import KEYS_AT_ONCE, Store


class Undone(Exception):
    """Ends a transaction that nothing should remain of."""


@contextmanager
def tried(journal: Journal) -> Iterator[Writing]:
    """A transaction that nothing remains of."""
    with suppress(Undone), journal.writing() as writing:
        yield writing
        raise Undone


@pytest.fixture(scope="module")
def full(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A file with every kind of record in it."""
    path = tmp_path_factory.mktemp("store") / "ledger.db"
    write(path, EVERYTHING)
    return path


@pytest.fixture(scope="module")
def kept(full: Path) -> Iterator[tuple[Journal, Store]]:
    with opened(full) as pair:
        yield pair


@pytest.mark.parametrize("cls", STRATEGIES, ids=lambda cls: cls.noun)
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much])
@given(data=st.data())
def test_any_record_comes_back_equal_and_with_equal_bytes(
    cls: type[Record], kept: tuple[Journal, Store], data: st.DataObject
) -> None:
    journal, store = kept
    record = data.draw(STRATEGIES[cls])
    with tried(journal) as writing:
        entry = store.put(writing, record)

        row = next(row for row in store.rows(cls) if row.entry == entry)
        hashed = next(row.content() for row in store.raw_rows(cls) if row.entry == entry)
        key = {
            column.name: hashed_fields(record)[column.name] for column in field_columns(cls) if column.name in cls.key
        }
        (looked_up,) = store.revisions(cls, **key)

    assert canonical(cls.noun, row.fields) == hashed == canonical(cls.noun, hashed_fields(record))
    assert cls.model_validate(row.fields) == record
    assert looked_up == record


def test_every_kind_of_record_is_tried() -> None:
    assert set(STRATEGIES) == set(RECORDS)


def test_every_record_of_a_full_file_comes_back_in_order_with_the_time_of_its_seal(kept: tuple[Journal, Store]) -> None:
    journal, store = kept

    found = sorted(store.recorded(journal.head().size), key=lambda item: item.entry)

    assert tuple(item.record for item in found) == EVERYTHING
    seals = dict(journal.connection.execute("select entry, recorded_at from seal"))
    for item in found:
        sealed = min(entry for entry in seals if entry > item.entry)
        assert item.recorded_at.isoformat(timespec="microseconds") == seals[sealed].replace("Z", "+00:00")


def test_a_prefix_holds_exactly_what_stands_before_its_size(kept: tuple[Journal, Store]) -> None:
    _, store = kept

    found = {item.entry for item in store.recorded(12)}

    assert found == {2, 3, 4, 5, 7, 8, 9, 10}  # entries 0, 1, 6 and 11 are the genesis and seals


def test_imported_forecasts_count_from_the_import_on(kept: tuple[Journal, Store]) -> None:
    journal, store = kept
    with tried(journal) as writing:
        entry = store.put(writing, IMPORTED)

        assert store.imported(entry) == 0
        assert store.imported(entry + 1) == IMPORTED.forecasts == 5


def test_slugs_are_listed_once_each_in_ledger_order(kept: tuple[Journal, Store]) -> None:
    _, store = kept

    assert store.slugs(Claim) == ["captains", "captains-strict", "storm", "tree", "helm", "catch", "landing"]
    assert store.slugs(Forecaster) == ["ana", "crowd", "model"]


def test_revisions_come_oldest_first_by_key_or_part_of_one(kept: tuple[Journal, Store]) -> None:
    _, store = kept

    assert [claim.revision for claim in store.revisions(Claim, slug="captains")] == [1, 2]
    assert [one.probability for one in store.revisions(Forecast, claim="captains", forecaster="ana")] == [0.25, 0.35]
    assert len(store.revisions(Forecast, claim="captains")) == 4
    assert store.revisions(Claim, slug="nothing") == []


def test_the_standing_records_are_the_latest_revisions(kept: tuple[Journal, Store]) -> None:
    _, store = kept

    assert [(source.slug, source.revision) for source in store.standing(Source)] == [("essay", 2)]
    assert [(one.slug, one.retracted) for one in store.standing(Evidence)] == [("logbook", None), ("gossip", True)]


def test_point_lookups_find_the_first_entry_the_link_and_the_class(kept: tuple[Journal, Store]) -> None:
    _, store = kept
    claims = [row.entry for row in store.rows(Claim) if row.fields["slug"] == "captains"]

    assert store.first_entry("claim", "captains") == min(claims)
    assert evidence_of_link(store, "https://example.org/log?page=2#top") == "logbook"
    assert evidence_of_link(store, "https://example.org/log") is None
    assert class_of("claim") is Claim
    assert class_of("seal") is None
    assert class_of(None) is None
    with pytest.raises(NotFound, match="no claim 'nothing' in this ledger"):
        store.first_entry("claim", "nothing")


def test_a_reference_to_nothing_is_refused_and_leaves_nothing_behind(kept: tuple[Journal, Store]) -> None:
    journal, store = kept
    before = journal.head()
    stray = Claim(
        slug="stray", statement="nowhere", reading="own", title="t", wording="w", criteria="c",
        opens_on="2026-01-01", deadline="2026-01-02",
    )  # fmt: skip

    with pytest.raises(NotFound, match="no statement 'nowhere'"), journal.writing() as writing:
        store.put(writing, stray)

    assert journal.head() == before
    assert "stray" not in store.slugs(Claim)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_kept_as_text(text: str, kept: tuple[Journal, Store]) -> None:
    journal, store = kept
    source = Source(slug="hostile", title=text, publisher=text, reason=text)
    with tried(journal) as writing:
        store.put(writing, source)

        (found,) = store.revisions(Source, slug="hostile")

    assert (found.title, found.publisher, found.reason) == (text, text, text)
    assert journal.connection.execute("select count(*) from entry").fetchone()[0] > 20


def test_a_slug_with_sql_in_it_is_looked_up_as_text(kept: tuple[Journal, Store]) -> None:
    _, store = kept

    assert store.revisions(Source, slug="x' or '1'='1") == []


def test_the_columns_of_a_list_are_read_off_its_items() -> None:
    listed = {
        f"{cls.noun}_{one.name}": (one.items, one.items_have_fields)
        for cls in RECORDS
        for one in field_columns(cls)
        if one.listed
    }

    assert listed == {
        "claim_options": (("option",), False),
        "claim_conditions": (("name", "text"), True),
        "claim_parts": (("part",), False),
        "claim_tags": (("tag",), False),
        "claim_asked_as": (("question",), False),
        "bearing_meets": (("condition",), False),
        "forecaster_accounts": (("account",), False),
        "forecast_shares": (("option", "share"), True),
        "forecast_points": (("at", "chance"), True),
        "forecast_days": (("day", "chance"), True),
        "forecast_because": (("evidence",), False),
        "resolution_because": (("evidence",), False),
    }


def test_everything_invented_says_every_field_of_every_kind() -> None:
    said = {(record.noun, name) for record in (*EVERYTHING, IMPORTED, MERGED) for name in hashed_fields(record)}

    assert {(cls.noun, name) for cls in RECORDS for name in cls.model_fields} - said == {
        ("import", "recorded_by"),
        ("import", "reason"),
        ("merge", "reason"),
    }


def test_many_records_have_the_leaves_and_rows_that_they_have_one_by_one(tmp_path: Path) -> None:
    def kept(name: str, put: Callable[[Store, Writing], object]) -> list[object]:
        with opened(tmp_path / name) as (journal, store):
            with journal.writing() as writing:
                put(store, writing)
            tables = [table for table in schema.tables() if table not in schema.WORD_TABLES]
            return [journal.connection.execute(f"select * from {table}").fetchall() for table in tables]

    singly = kept("singly.db", lambda store, writing: [store.put(writing, record) for record in EVERYTHING])
    together = kept("together.db", lambda store, writing: store.put_all(writing, iter(EVERYTHING)))
    as_fields = kept(
        "fields.db",
        lambda store, writing: store.put_all(writing, [(type(record), hashed_fields(record)) for record in EVERYTHING]),
    )

    assert singly == together == as_fields


def test_more_records_than_one_statement_takes_keep_their_order(kept: tuple[Journal, Store]) -> None:
    journal, store = kept
    many = [Event(slug=f"wave-{number:04}", title="A wave", happened="2026") for number in range(2 * KEYS_AT_ONCE + 1)]
    with tried(journal) as writing:
        entries = store.put_all(writing, many)

        found = [(row.entry, row.fields["slug"]) for row in store.rows(Event)][-len(many) :]

    assert found == list(zip(entries, (event.slug for event in many), strict=True))


def test_a_record_may_name_one_that_comes_before_it_and_none_that_comes_after(kept: tuple[Journal, Store]) -> None:
    journal, store = kept
    bearing = Bearing(claim="captains", evidence="new", bears=Bears.CONTEXT)
    new = Evidence(slug="new", link="https://example.org/new", title="New")
    with tried(journal) as writing:
        assert len(store.put_all(writing, [new, bearing])) == 2

    with tried(journal) as writing:
        with pytest.raises(NotFound, match="no evidence 'new' in this ledger"):
            store.put_all(writing, [bearing, new])
        assert writing.entries == 0
        assert len(store.put_all(writing, [new, bearing])) == 2


def test_what_stands_under_many_keys_is_found_at_once(kept: tuple[Journal, Store]) -> None:
    _, store = kept

    claims = store.rows_by_key(Claim, [("captains",), ("nothing",), ("storm",)])
    bearings = store.rows_by_key(Bearing, [("captains", "gossip"), ("captains", "nothing"), ("x", "gossip")])

    assert {key: [row.fields["revision"] for row in rows] for key, rows in claims.items()} == {
        ("captains",): [1, 2], ("storm",): [1],
    }  # fmt: skip
    assert {key: [row.fields["bears"] for row in rows] for key, rows in bearings.items()} == {
        ("captains", "gossip"): ["context", "opposes"],
    }  # fmt: skip


def test_a_statement_is_found_by_its_words_however_they_are_written(kept: tuple[Journal, Store]) -> None:
    journal, _ = kept

    found = dict(journal.connection.execute("select slug, words from statement"))

    assert found["vague"] == words_digest("  THE sea\nwill matter. ") == sha256(b"the sea will matter.").digest()
    assert found["vague"] != words_digest("The sea will not matter.")


@pytest.mark.parametrize(
    ("change", "noun"),
    [
        ("update claim set scored = 2 where slug = 'tree'", "claim"),
        ("update claim set statement = (select max(entry) from statement) where slug = 'tree'", "claim"),
        ("update claim_tags set position = 7 where position = 1", "claim"),
        ("update forecast set probability = null where revision = 2", "forecast"),
        ("update claim set opens_on = '2028-01-01' where slug = 'storm'", "claim"),
    ],
)
def test_reading_what_no_record_can_hold_says_that_it_was_changed_by_hand(
    change: str, noun: str, kept: tuple[Journal, Store]
) -> None:
    journal, store = kept
    for table in ("claim", "claim_tags", "forecast"):
        journal.connection.execute(f"drop trigger if exists {table}_no_update")
    journal.connection.execute("begin")
    journal.connection.execute(change)

    with pytest.raises(Tampered, match=f"entry [0-9]+, a {noun}, was changed by hand: .* run verify"):
        list(store.recorded(100))

    journal.connection.execute("rollback")
