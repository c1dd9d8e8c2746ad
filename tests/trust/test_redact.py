"""Redacted copies: the body is gone from the bytes, every root holds, and nothing is left hanging or hidden."""

from __future__ import annotations

import json
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pyarrow
import pytest
from command_line import CommandLine
from conftest import Clock
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from invented import EVERY_KIND, EVERYTHING, write
from prefixes import prefix_proof
from pyarrow import parquet
from tampering import tamper

from predictions import Conflict, InvalidValue, Ledger, NotFound, Tampered
from predictions.records import Forecast
from predictions.render.result import Result
from predictions.storage.checkpoints import read_head
from predictions.storage.merkle import leaf_hash

SECRET = "Zeitgeisterbahn in the harbour office"
LINK = "https://example.org/private/address-of-a-person"


@pytest.fixture
def told(ledger: Ledger, clock: Clock) -> Ledger:
    """A ledger with a claim, evidence that should not have been kept, and what refers to it."""
    ledger.add("It rains in Lisbon", deadline="2026-06-30", p=0.3, slug="rain")
    clock.set("2026-01-02")
    ledger.log_evidence("rain", LINK, SECRET, slug="secret", excerpt=f"{SECRET}, at night", bears="supports")
    clock.set("2026-01-03")
    ledger.forecast("rain", 0.7, because="secret")
    ledger.forecast("rain", 0.6, by="ben", kind="person")
    return ledger


@contextmanager
def copy_of(ledger: Ledger, path: Path, *records: str | int, with_references: bool = False) -> Iterator[Ledger]:
    ledger.redact(records, to=path, with_references=with_references)
    with Ledger(path, me="ana", create=False) as copy:
        yield copy


def test_the_body_is_gone_from_the_bytes_and_every_head_still_holds(told: Ledger, tmp_path: Path) -> None:
    heads = [told._journal.head(size) for size, _ in told._journal.heads()]

    with copy_of(told, tmp_path / "copy.db", "secret", with_references=True) as copy:
        verification = copy.verify(head=heads, deep=True)
        assert copy.head() == told.head()

    content = (tmp_path / "copy.db").read_bytes()
    assert verification.ok
    assert not any(text.encode() in content for text in (SECRET, LINK, "at night", "private"))
    assert all(text.encode() in (tmp_path / "ledger.db").read_bytes() for text in (SECRET, LINK))
    with sqlite3.connect(tmp_path / "copy.db") as connection:
        assert connection.execute("pragma freelist_count").fetchone() == (0,)
    connection.close()


def test_no_salt_is_left_with_which_the_body_could_be_guessed(told: Ledger, tmp_path: Path) -> None:
    entry = told.prove("rain ben").record.index
    guess = told.prove(entry).record

    with copy_of(told, tmp_path / "copy.db", "rain ben") as copy:
        salts = [salt for (salt,) in copy._journal.connection.execute("select salt from kept_salt")]
        salts += [salt for (salt,) in copy._journal.connection.execute("select salt from seal") if salt]
        (leaf,) = copy._journal.connection.execute("select leaf from entry where n = ?", (entry,)).fetchone()
        assert copy._journal.seal_over(entry).salt is None

    assert leaf_hash(guess.salt, guess.content.encode()) == leaf
    assert guess.salt not in salts
    assert not any(leaf_hash(salt, guess.content.encode()) == leaf for salt in salts)
    with told._journal.reading():
        assert told._journal.seal_over(entry).salt not in salts


def test_verify_says_that_bodies_are_missing(told: Ledger, tmp_path: Path) -> None:
    with copy_of(told, tmp_path / "copy.db", "secret", with_references=True) as copy:
        verification = copy.verify()

    gone = verification.redacted
    assert len(gone) == 3
    assert f"redacted copy: 3 bodies are missing, of entries {', '.join(map(str, gone))}" in str(verification)
    assert verification.to_dict()["redacted"] == list(gone)
    assert "redacted" not in str(told.verify())


def screens(ledger: Ledger, folder: Path) -> dict[str, Result]:
    """Everything a ledger shows, by its name."""
    card = ledger.scorecard(by=["ana", "ben"])
    return {
        "board": ledger.board(),
        "claim": ledger.claim("rain"),
        "full": ledger.claim("rain", full=True),
        "listing": ledger.board(full=False),
        "evidence": ledger.claim("rain").evidence,
        "tally of a card": ledger.claim("rain").tally,
        "readings of a card": ledger.claim("rain").readings,
        "due": ledger.due(),
        "stale": ledger.due(stale=True),
        "history": ledger.history(),
        "scorecard": card,
        "leaderboard": ledger.leaderboard(),
        "compare": card.compare("ana", "ben"),
        "explain": card.explain("funnel", by="ana"),
        "diff": ledger.scorecard(as_of="2026-01-01").diff(ledger.scorecard()),
        "prove": ledger.prove("claim rain"),
        "consistency": prefix_proof(ledger, ledger.head()),
        "parquet": ledger.export("parquet", folder / "parquet"),
        "backup": ledger.backup(folder / "backup.db"),
        "merge": ledger.merge(folder / "backup.db"),
    }


def test_a_redacted_copy_says_so_first_wherever_it_is_shown_and_exported(
    told: Ledger, clock: Clock, tmp_path: Path
) -> None:
    key = tmp_path / "key"
    with copy_of(told, tmp_path / "copy.db", "rain ben") as copy:
        (entry,), size, root = copy.verify().redacted, copy.head().size, copy.head().short
        banner = f"REDACTED COPY  1 of {size} records has no text: entry {entry}\n{' ' * 15}head {root}, the same as in"
        (tmp_path / "of-copy").mkdir()
        shown = screens(copy, tmp_path / "of-copy")

        texts = {name: str(one) for name, one in shown.items()}
        assert [name for name, text in texts.items() if not text.startswith(banner)] == []
        assert [name for name, text in texts.items() if "cannot be known: 1 forecast" not in text] == []
        html = {name: one._repr_html_() for name, one in shown.items()}
        bar = f'</style><p class="redacted">REDACTED COPY\N{EM SPACE}1 of {size} records has no text: entry {entry}<br>'
        assert [name for name, text in html.items() if bar not in text] == []
        said = {"records": 1, "of": size, "entries": [entry]}
        assert [name for name, one in shown.items() if one.to_dict()["redacted"] != said] == []
        assert "redacted" not in json.loads(copy.prove("claim rain").text)
        assert f"(redacted, entry {entry})" in texts["history"]
        assert pyarrow.table(shown["board"]).schema.metadata == {b"redacted": f"[redacted: 1 of {size}]".encode()}
        written = parquet.read_schema(tmp_path / "of-copy/parquet/claims.parquet").metadata
        assert written[b"redacted"] == b"1"
        page = copy.report(tmp_path / "copy.html").read_text("utf-8")
        assert f'<body>\n<p class="redacted">REDACTED COPY\N{EM SPACE}1 of {size} records has no text' in page
        assert "position: sticky" in page
        assert f"[redacted: 1 of {size}]" in Path(copy.export("calendar", tmp_path / "copy.ics")).read_text("utf-8")
        assert f"# [redacted: 1 of {size}]" in Path(copy.export("csv", tmp_path / "copy.csv")).read_text("utf-8")
        assert f"[redacted: 1 of {size}]" in repr(copy)
        assert copy.claim("rain").plot().get_suptitle().splitlines()[0] == f"[redacted: 1 of {size}]"
        assert "REDACTED COPY" in Path(copy.export("datasette", tmp_path / "site")).read_text("utf-8")
        with closing(sqlite3.connect(copy.export("sqlite", tmp_path / "flat.db"))) as flat:
            assert dict(flat.execute("select * from meta"))["redacted"] == "1"
        public = copy.keygen(key)
        for checkpoint in (copy.head().checkpoint(), copy.head(sign=key)):
            assert checkpoint.split("\n")[3] == "redacted 1"
            assert read_head(checkpoint) == told.head() == copy.head()
            assert read_head(checkpoint).checkpoint() == copy.head().checkpoint() != told.head().checkpoint()
        assert told.verify(head=copy.head(sign=key), key=public).ok
        assert "redacted" not in str(copy.board().saying(None)).lower()
        row = {"claim": "rain", "forecaster": "ana", "made_at": "2026-01-02T12:00Z", "probability": 0.3}
        assert str(copy.import_forecasts([row])).startswith("REDACTED COPY  1 of ")

    (tmp_path / "of-whole").mkdir()
    whole = screens(told, tmp_path / "of-whole").values()
    assert [one for one in whole if "REDACTED" in f"{one}{one._repr_html_()}" or "redacted" in one.to_dict()] == []
    assert "redacted" not in told.head().checkpoint()
    assert "[redacted" not in repr(told)
    assert '<p class="redacted' not in told.report(tmp_path / "whole.html").read_text("utf-8")


@pytest.mark.parametrize("kept", [0, 1])
def test_evidence_whose_text_is_gone_is_not_said_not_to_be_there(ledger: Ledger, tmp_path: Path, kept: int) -> None:
    ledger.add("The moon falls", deadline="2099", slug="moon")
    ledger.log_evidence("moon", "https://a.example/1", "A secret", slug="secret")
    for number in range(kept):
        ledger.log_evidence("moon", f"https://b.example/{number}", "Known", slug=f"known-{number}")
    ledger.forecast("moon", 0.3)
    assert "redacted" not in str(ledger.claim("moon"))

    ledger.redact("evidence secret", to=tmp_path / "copy.db", with_references=True)
    ledger.redact("forecast moon ana", to=tmp_path / "other.db")

    with Ledger(tmp_path / "copy.db") as copy, Ledger(tmp_path / "other.db") as other:
        (entry,) = (at for at, gone in copy.snapshot().lacks.bodies.items() if gone.kind == "evidence")  # type: ignore[union-attr]
        for card in (copy.claim("moon"), copy.claim("moon", full=True), copy["moon"].evidence):
            assert "no evidence on file" not in str(card) or "that can be read" in str(card)
            assert f"(redacted, entry {entry})" in str(card)
        assert "no forecasts on file that can be read (redacted, entry " in str(other.claim("moon", full=True))


def test_the_worst_forecasts_cannot_be_left_out_unsaid(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    slugs = [ledger.add(f"Number {number} comes true", deadline="2026-01-10", p=0.95) for number in range(14)]
    clock.set("2026-04-01")
    for number, slug in enumerate(slugs):
        happened = {"happened_on": "2026-01-09"} if number < 10 else {}
        ledger.resolve(slug, "no" if number > 9 else "yes", known_on="2026-01-11", reason="seen", **happened)

    with copy_of(ledger, tmp_path / "cherry.db", *[f"{slug} ana" for slug in slugs[10:]]) as cherry:
        card, page = str(cherry.scorecard()), cherry.report(tmp_path / "cherry.html").read_text("utf-8")

    lines = card.splitlines()
    assert lines[0].startswith("REDACTED COPY  4 of ")
    assert lines[2].startswith("Scorecard as of")
    assert lines[3] == "what the missing ones would change cannot be known: 4 forecasts"
    assert "REDACTED COPY\N{EM SPACE}4 of " in page


def test_what_is_missing_from_a_prefix_ends_where_the_prefix_does(told: Ledger, tmp_path: Path) -> None:
    with copy_of(told, tmp_path / "copy.db", "rain ben") as copy:
        (entry,) = copy.verify().redacted

        assert copy._journal.redacted(entry) == []
        assert copy._journal.redacted(entry + 1) == [entry]


def test_what_others_refer_to_is_refused_and_they_are_named(told: Ledger, tmp_path: Path) -> None:
    with pytest.raises(Conflict) as refused:
        told.redact("secret", to=tmp_path / "copy.db")

    assert "evidence secret is referred to by bearing rain secret, forecast rain ana" in str(refused.value)
    assert "with_references=True" in str(refused.value)
    assert not (tmp_path / "copy.db").exists()


def test_a_name_of_several_records_is_refused_with_all_that_works(ledger: Ledger, tmp_path: Path) -> None:
    ledger.quote("Ben", "It rains", deadline="2026-06-30", said_on="2026-01-01", link="https://b.example", slug="rain")

    with pytest.raises(NotFound, match="say 'statement rain' or 'claim rain', and with_references=True where others"):
        ledger.redact("rain", to=tmp_path / "copy.db")

    assert ledger.redact("statement rain", to=tmp_path / "copy.db", with_references=True).gone


def test_naming_all_that_hangs_together_needs_no_leave(told: Ledger, tmp_path: Path) -> None:
    redaction = told.redact(["rain secret", "rain ana", "secret"], to=tmp_path / "copy.db")

    assert [name.split()[0] for name in redaction.gone] == ["evidence", "bearing", "forecast"]


def test_references_of_references_go_along(told: Ledger, tmp_path: Path) -> None:
    redaction = told.redact("source self", to=tmp_path / "copy.db", with_references=True)

    kinds = {name.split()[0] for name in redaction.gone}
    assert kinds == {"source", "statement", "claim", "forecast", "bearing"}
    with Ledger(tmp_path / "copy.db", create=False) as copy:
        assert copy.verify(head=told.head()).ok
        assert copy.board().to_dict()["statements"] == []


def test_every_revision_goes_by_slug_and_one_by_its_number(told: Ledger, tmp_path: Path) -> None:
    told.correct("forecaster ben", title=SECRET, reason="a full name")
    told.correct("forecaster ben", title="Ben", reason="less of it")
    by_number = told.prove("ben").record.index - 2  # the seal of the last correction stands between

    one = told.redact(by_number, to=tmp_path / "one.db")
    all_of = told.redact("ben", to=tmp_path / "all.db", with_references=True)

    assert one.gone == ("forecaster ben (revision 2)",)
    assert [name for name in all_of.gone if name.startswith("forecaster")] == [
        "forecaster ben", "forecaster ben (revision 2)", "forecaster ben (revision 3)",
    ]  # fmt: skip
    assert SECRET.encode() in (tmp_path / "ledger.db").read_bytes()
    with Ledger(tmp_path / "one.db", create=False) as copy:
        assert copy.verify(head=told.head(), deep=True).ok
        assert "Ben" in str(copy.prove("ben"))


def test_a_first_revision_does_not_go_without_the_later_ones(told: Ledger, tmp_path: Path) -> None:
    first = told.prove("ben").record.index
    told.correct("forecaster ben", title="Ben", reason="as he writes it")

    with pytest.raises(Conflict, match=r"is referred to by forecaster ben \(revision 2\), forecast rain ben"):
        told.redact(first, to=tmp_path / "copy.db")


@pytest.mark.parametrize(("record", "words"), [(0, "is a genesis"), (1, "is a seal"), ((), "say which record")])
def test_what_cannot_be_redacted_is_refused(told: Ledger, tmp_path: Path, record: int, words: str) -> None:
    with pytest.raises(InvalidValue, match=words):
        told.redact(record, to=tmp_path / "copy.db")


def test_words_that_stand_elsewhere_too_are_told(told: Ledger, tmp_path: Path) -> None:
    told.correct("claim rain", notes=f"see {SECRET}", reason="a note")

    redaction = told.redact("secret", to=tmp_path / "copy.db", with_references=True)

    assert redaction.remains == ("the title of evidence secret, in other records",)
    assert "still there: the title of evidence secret" in str(redaction)
    assert SECRET.encode() in (tmp_path / "copy.db").read_bytes()


def test_a_redacted_copy_goes_on_as_the_ledger(told: Ledger, tmp_path: Path) -> None:
    told.resolve("rain", "no", known_on="2026-01-03", reason="a drought", impossible=True)
    told.resolve("rain", "ambiguous", known_on="2026-01-03", reason="on second thoughts")
    before = told.head()

    with copy_of(told, tmp_path / "copy.db", "rain 1", "secret", with_references=True) as copy:
        copy.log_evidence("rain", LINK, "The same link, rightly", slug="secret")
        copy.resolve("rain", "no", known_on="2026-01-03", reason="a drought after all", impossible=True)
        numbers = [row["key"] for row in copy.history("rain").rows() if row["kind"] == "resolution"]
        again = copy.redact("secret", to=tmp_path / "again.db", with_references=True)
        assert copy.verify(head=before, deep=True).ok

    assert numbers == ["rain 2", "rain 3"]
    with Ledger(tmp_path / "again.db", create=False) as twice:
        assert twice.verify(head=[before, again.head], deep=True).ok
        assert len(twice.verify().redacted) == 6


def test_a_body_that_is_gone_is_neither_proved_nor_redacted_again(told: Ledger, tmp_path: Path) -> None:
    entry = told.prove("rain ben").record.index

    with copy_of(told, tmp_path / "copy.db", "rain ben") as copy:
        with pytest.raises(NotFound, match=f"the body of entry {entry} is not in this copy"):
            copy.prove(entry)
        with pytest.raises(NotFound, match="it was redacted"):
            copy.redact(entry, to=tmp_path / "again.db")
        with pytest.raises(NotFound):
            copy.prove("rain ben")
        for n in range(copy.head().size):
            assert n == entry or copy.prove(n).record == told.prove(n).record
        assert prefix_proof(copy, told.head()).fault() is None


TAMPERINGS = {
    "insert into redacted select min(n) from entry where kind = 'forecast'": "its row or salt is still here",
    "insert into redacted select max(entry) from seal": "which no seal or genesis can be",
    "insert into redacted values (99)": "there is no such entry",
    "insert into kept_salt values (99, zeroblob(16))": "there is no such entry",
    "insert into kept_salt values (2, zeroblob(16))": "a salt of its own although its seal has one",
    "delete from redacted": "its row is missing",
    "delete from kept_salt where entry = (select max(entry) from kept_salt)": "its salt is missing",
    "update kept_salt set salt = zeroblob(16) where entry = (select max(entry) from kept_salt)": "not what was sealed",
    "insert into kept_salt select entry, zeroblob(16) from redacted": "its row or salt is still here",
    "update seal set salt = zeroblob(16) where salt is null": "its row or salt is still here",
    "delete from forecast where entry = (select min(entry) from forecast);"
    "insert into redacted select min(n) from entry where kind = 'forecast'": "its row or salt is still here",
}


@pytest.mark.parametrize("sql", TAMPERINGS)
def test_a_mark_or_salt_that_is_not_right_is_a_fault(told: Ledger, tmp_path: Path, sql: str) -> None:
    told.redact("rain ben", to=tmp_path / "copy.db")
    told.close()
    with sqlite3.connect(tmp_path / "copy.db", isolation_level=None) as connection:
        connection.execute("pragma synchronous = off")
        triggers = connection.execute("select name, sql from sqlite_schema where type = 'trigger'").fetchall()
        for name, _ in triggers:
            connection.execute(f"drop trigger {name}")
        connection.executescript(sql)
        for _, trigger in triggers:
            connection.execute(trigger)
    connection.close()

    with Ledger(tmp_path / "copy.db", create=False) as copy:
        verification = copy.verify()

    assert not verification.ok
    assert any(TAMPERINGS[sql] in fault.what for fault in verification.faults)


def test_an_import_goes_whole_with_its_blocks(ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("predictions.importing.forecasts.RECORDS_AT_MOST", 0)
    ledger.add("It rains in Lisbon", deadline="2026-06-30", slug="rain")
    made_at = datetime(2025, 12, 1, tzinfo=UTC)
    for who, count in (("crowd-a", 5_000), ("crowd-b", 10)):
        rows = {
            "claim": ["rain"] * count, "forecaster": [f"{who}-{n % 50}" for n in range(count)],
            "made_at": [made_at.replace(minute=n // 60 % 60, second=n % 60, microsecond=n) for n in range(count)],
            "probability": [n % 100 / 100 for n in range(count)],
        }  # fmt: skip
        ledger.import_forecasts(rows)

    with pytest.raises(Conflict, match="import 1"):
        ledger.redact("forecaster crowd-a-7", to=tmp_path / "copy.db")
    redaction = ledger.redact("forecaster crowd-a-7", to=tmp_path / "copy.db", with_references=True)

    assert redaction.gone == ("forecaster crowd-a-7", "import 1")
    with Ledger(tmp_path / "copy.db", create=False) as copy:
        assert copy.verify(head=ledger.head(), deep=True).ok
        assert copy._store.imported(copy.head().size) == 10
        copy.import_forecasts({**rows, "forecaster": ["crowd-c"] * count})
        assert [row["key"] for row in copy.history().rows() if row["kind"] == "import"] == ["2", "3"]
        assert copy.verify(head=ledger.head(), deep=True).ok


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")  # ben's first number came with no source
def test_a_number_in_a_block_goes_with_its_import_or_not_at_all(
    ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("predictions.importing.forecasts.RECORDS_AT_MOST", 0)
    ledger.add("It rains in Lisbon", deadline="2026-06-30", slug="rain")
    moment = datetime(2025, 12, 1, tzinfo=UTC)
    ledger.import_forecasts([("rain", "ben", moment, 0.4), ("rain", "cy", moment, 0.3)])
    ledger.correct("rain ben", note="from the minutes", reason="the source was found")
    ledger.correct("rain cy", probability=0.35, reason="misread")
    noted, other = (ledger._store.revisions(Forecast, claim="rain", forecaster=who)[0] for who in ("ben", "cy"))
    entries = {row["key"]: row["entry"] for row in ledger.history().rows() if row["kind"] == "forecast"}

    with pytest.raises(NotFound, match="no forecast 'rain dee'"):
        ledger.redact("forecast rain dee", to=tmp_path / "copy.db")
    for name in ("rain ben", entries[noted.name]):
        with pytest.raises(Conflict, match=r"stands in a block, .* or not at all: 'import 1'"):
            ledger.redact(name, to=tmp_path / "copy.db")
    ledger.redact(entries[other.name], to=tmp_path / "copy.db")
    ledger.redact("import 1", to=tmp_path / "bare.db")

    assert (noted.revision, other.revision) == (2, 2)
    for name, kept in (("copy.db", 2), ("bare.db", 0)):
        with Ledger(tmp_path / name, create=False) as copy:
            assert copy.verify(head=ledger.head(), deep=True).ok
            assert copy._store.in_blocks(2**62) == kept


def test_a_ledger_that_does_not_verify_is_not_redacted(told: Ledger, tmp_path: Path) -> None:
    tamper(told._journal.path, "update claim set title = 'Snow'")

    with pytest.raises(Tampered, match="the copy does not verify"):
        told.redact("rain ben", to=tmp_path / "copy.db")

    assert not (tmp_path / "copy.db").exists()


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_whatever_is_redacted_the_rest_verifies_and_is_closed(tmp_path: Path, data: st.DataObject) -> None:
    original, copied = tmp_path / "original.db", tmp_path / "copied.db"
    for path in (original, copied):
        path.unlink(missing_ok=True)
    write(original, data.draw(st.sampled_from([EVERY_KIND, EVERYTHING])), together=data.draw(st.integers(1, 5)))
    with Ledger(original) as ledger:
        records = [row["entry"] for row in ledger.history().rows()]
        chosen = data.draw(st.lists(st.sampled_from(records), min_size=1, unique=True))

        redaction = ledger.redact(chosen, to=copied, with_references=True)  # type: ignore[arg-type]

        with Ledger(copied, create=False) as copy:
            verification = copy.verify(head=ledger.head(), deep=True)
            assert verification.ok
            assert set(chosen) <= set(verification.redacted)
            assert len(verification.redacted) == len(redaction.gone)
            assert {row["entry"] for row in copy.history().rows()} == set(records) - set(verification.redacted)
            copy.board(), copy.scorecard()


def test_a_proof_of_a_redacted_copy_says_so_in_its_checkpoint(tmp_path: Path) -> None:
    with Ledger(tmp_path / "whole.db", me="ana") as ledger:
        for slug in ("rain", "snow"):
            ledger.add(f"There is {slug}", deadline="2099-12-31", slug=slug, p=0.4)
        old = ledger.head()
        ledger.forecast("rain", 0.6, again=True)
        ledger.redact("forecast snow ana", to=tmp_path / "copy.db")

    with Ledger(tmp_path / "copy.db") as copy:
        proof, comparison = copy.prove("claim rain"), prefix_proof(copy, old)

        assert json.loads(proof.text)["checkpoint"].endswith("\nredacted 1\n")
        assert json.loads(comparison.text)["new"].endswith("\nredacted 1\n")
        (tmp_path / "proof.json").write_text(proof.text)
        head = str(copy.head())
    script = Path(__file__).parents[2] / "docs" / "verify_proof.py"
    subprocess.run([sys.executable, str(script), str(tmp_path / "proof.json"), head], check=True)


def test_the_receipt_of_a_verb_on_a_redacted_copy_says_so_too(told: Ledger, tmp_path: Path) -> None:
    run = CommandLine(tmp_path)
    told.redact(["rain ben"], to=run.path)

    said = run.says("forecast", "rain", "0.4")
    kept = run.json("correct", "claim", "rain", "--set", "title=Rain", "--reason", "shorter")

    assert said.startswith("REDACTED COPY  1 of ")
    assert "rain: ana 0.40, now" in said
    assert (kept["redacted"]["records"], kept["kind"], kept["title"]) == (1, "claim", "Rain")


@pytest.mark.parametrize("of", ["table", "sqlite", "csv", "calendar"])
def test_what_a_redacted_copy_writes_is_told_as_not_the_whole(told: Ledger, tmp_path: Path, of: str) -> None:
    whole = told.export(of, tmp_path / f"whole.{'db' if of == 'sqlite' else 'csv'}")
    with copy_of(told, tmp_path / "copy.db", "rain ben") as copy:
        part = copy.export(of, tmp_path / f"part.{'db' if of == 'sqlite' else 'csv'}")

    assert "REDACTED COPY" not in str(whole)
    assert str(part).startswith("REDACTED COPY  1 of ")


def test_the_other_forecasts_of_a_series_of_which_the_last_is_redacted_are_named(
    ledger: Ledger, clock: Clock, tmp_path: Path
) -> None:
    ledger.add("It rains", deadline="2099", p=0.7, slug="rain")
    ledger.forecast("rain", 0.5, by="bob")
    clock.set(ledger.snapshot().today + timedelta(days=9))
    ledger.forecast("rain", 0.6)

    last = ledger.redact("forecast rain ana", to=tmp_path / "last.db")
    [other] = last.remains
    number = other.rpartition("of the same series; its number is ")[2]
    both = ledger.redact(["forecast rain ana", number], to=tmp_path / "both.db")

    assert len(last.gone) == 1
    assert (len(both.gone), both.remains) == (2, ())
