"""Whatever names something on file and names nothing says so, with the near name, in each verb and at both doors."""

from __future__ import annotations

import inspect
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import CommandLine

from predictions import Ledger, LedgerError
from predictions.cli.messages import as_typed

SOURCE = "tech-oracl-2026-01-05"
NEAR = {"source": SOURCE, "tag": "wether", "reading": "headlin", "by": "tech-oracl", "group": "tech-oracl"}
FILTERS = (
    ("board", "", "by source tag"),
    ("scorecard", "", "by source tag reading"),
    ("leaderboard", "", "by group source tag reading"),
    ("compare", '"ana", "tech-oracle", ', "source tag reading"),
    ("explain", '"brier", "ana", ', "source tag reading"),
    ("due", "", "by"),
    ("export", '"calendar", "f.ics", ', "by"),
    ("export", '"fatebook", "f.csv", ', "by"),
)
CALLS = (
    *(f'{verb}({first}{name}="{NEAR[name]}")' for verb, first, names in FILTERS for name in names.split()),
    'withdraw("rain-in-may", by="tech-oracl")',
    'compare("tech-oracl", "ana")',
    'compare("ana", "tech-oracl")',
    'explain("brier", "tech-oracl")',
    'forecast("rain-in-mai", 0.3)',
    'forecast("rain-in-may", 0.3, by="tech-oracl")',
    'forecast("rain-in-may", words="likely", scale="hous")',
    f'forecast("rain-in-may", 0.3, published_in="{SOURCE}", made_at="2026-01-05")',
    'forecast("rain-in-may", 0.3, because="heavy-rian")',
    'log_evidence("rain-in-mai", "https://a.example/e", "A title")',
    'log_evidence("rain-in-may", "heavy-rian")',
    'log_evidence("who-leads", "https://a.example/e", "T", on="2026-11-01", event="x", meets="full-lis")',
    'resolve("rain-in-mai", "yes")',
    'resolve("rain-in-may", "yes", happened_on="2026-11-30", because="heavy-rian")',
    f'resolve("rain-in-may", "no", published_in="{SOURCE}")',
    'retract("heavy-rian", reason="x")',
    'scales("hous")',
    'supersede("rain-in-mai", deadline="2098", reason="x")',
    'supersede("rain-in-may", given="who-laeds", reason="x")',
    'correct("rain-in-mai", title="x")',
    'correct("forecaster tech-orcale", title="x", reason="x")',
    f'correct("source {SOURCE}", title="x", reason="x")',
    'correct("evidence heavy-rian", title="x", reason="x")',
    f'correct("ai-goes-public tech-oracle", published_in="{SOURCE}", reason="x")',
    'correct("rain-in-may", given="who-laeds", reason="x")',
    'claim("rain-in-mai")',
    'history("rain-in-mai")',
    'prove("rain-in-mai")',
    'redact("rain-in-mai", to="x.db")',
    'add("Snow falls", deadline="2099", given="rain-in-mai")',
    'quote("Ora", "Snow falls", deadline="2099", said_on="2026-01-05", given="rain-in-mai")',
    'quote("Ora", "Snow falls", deadline="2099", said_on="2026-01-05", words="likely", scale="hous")',
    f'quote("Ora", "Snow falls", deadline="2099", source="{SOURCE}")',
    'quote("Tech Oracl", "Snow falls", deadline="2099", said_on="2026-01-05", p=0.3)',
    'import_from("table", "t.csv", people={"Zedd": "ana"})',
    'import_from("table", "t.csv", onto={"Snow fals": "rain-in-may"})',
    'import_from("table", "t.csv", onto={"Snow falls": "rain-in-mai"})',
    'report("r.html", section="scorecrd")',
)
NAMES = {
    "by", "source", "tag", "reading", "group", "cluster", "given", "because", "published_in", "scale", "event", "meets",
    "counts", "people", "onto", "section",
}  # fmt: skip
MAY_BE_NEW = {
    ("add", "cluster"), ("quote", "cluster"), ("quote", "reading"), ("log_evidence", "counts"),
    ("resolve", "by"), ("import_from", "by"), ("import_from", "source"), ("import_forecasts", "by"),
    ("import_forecasts", "source"), ("import_forecasts", "published_in"), ("import_resolutions", "by"),
    ("import_resolutions", "source"),
}  # fmt: skip
LEADS_ON = re.compile(r"did you mean|it has full-list|say scorecard or statements|no question of the file")
SAID = {"deadline": "2099", "said_on": "2026-01-06"}


@pytest.fixture
def typed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CommandLine:
    """Types for a ledger with something of every kind, beside which a table lies."""
    monkeypatch.chdir(tmp_path)
    Path("t.csv").write_text("text,deadline,by,p\nSnow falls,2099,Zed,30%\n", "utf-8")
    return CommandLine(tmp_path)


@pytest.fixture
def ledger(typed: CommandLine) -> Iterator[Ledger]:
    with Ledger(typed.path, me="ana") as made:
        made.add("Who leads", deadline="2099", at_least=2, conditions={"full-list": "A full list"})
        made.add("Rain in May", deadline="2099", p=0.7, tags=["weather"])
        said = {"said_on": "2026-01-05", "link": "https://oracle.example/1"}
        made.quote("Tech Oracle", "AI goes public", deadline="2099", p=0.6, **said)
        made.log_evidence("rain-in-may", "https://a.example/d", "Heavy rain", slug="heavy-rain")
        yield made


@pytest.mark.parametrize("call", CALLS)
def test_an_unknown_name_says_so_with_the_near_one_and_records_nothing(
    ledger: Ledger, typed: CommandLine, call: str
) -> None:
    before = ledger.head()

    with pytest.raises(LedgerError) as refused:
        eval(f"ledger.{call}", {"ledger": ledger})

    assert LEADS_ON.search(" ".join(str(refused.value).split())), refused.value
    if "={" not in call:  # a mapping is typed otherwise
        done = typed(*shlex.split(as_typed(f"ledger.{call}"))[1:])
        assert (done.exit_code, bool(LEADS_ON.search(" ".join(done.stderr.split())))) == (1, True), done.stderr
    assert ledger.head() == before


def test_every_keyword_that_names_something_on_file_is_tried() -> None:
    tried = {(call.partition("(")[0], name) for call in CALLS for name in re.findall(r"(\w+)=", call)}
    there = {
        (verb, parameter)
        for verb, method in inspect.getmembers(Ledger, inspect.isfunction)
        for parameter in inspect.signature(method).parameters
        if parameter in NAMES and not verb.startswith("_")
    }

    assert there - tried - MAY_BE_NEW == {("explain", "by"), ("quote", "by")}  # which go without the keyword


@pytest.mark.parametrize("name", ["Tech Oracle", "Mute Weekly"])
def test_a_speaker_without_a_number_whose_name_is_nearly_one_on_file_is_asked_about(ledger: Ledger, name: str) -> None:
    ledger.quote("Mute Weekly", "It thaws", **SAID)

    told = " ".join(ledger.quote(name[:-1], "Snow falls", **SAID).lines)

    line = f'ledger.correct("statement snow-falls", speaker="{name}", reason="a slip")'
    assert f"{name[:-1]} may be {name}, who is on file; if so: {line}" in told
    eval(line, {"ledger": ledger})
    assert "may be" not in str(ledger.quote(name, "Wind blows", **SAID))
    assert "may be" not in str(ledger.quote("Somebody else", "Wind howls", **SAID))


@pytest.mark.parametrize("options", ["north;south;other", "north; south; other", "north,south,other"])
@pytest.mark.usefixtures("ledger")
def test_a_list_may_be_typed_as_spreadsheets_write_it(typed: CommandLine, options: str) -> None:
    shares = "north=40%; south=40%; other=20%"

    told = typed.says("add", "Where?", "--deadline", "2099", "--options", options, "--tags", "a;b", "-p", shares)

    assert "ana: north 0.40, south 0.40, other 0.20" in told


@pytest.mark.parametrize(
    ("options", "told"),
    [
        ("north;south", r"several are a list, \['north', 'south'\]"), ("north,south", "several are a list"),
        ("a < b < c", "name them one by one, and say ordered=True"),
    ],
)  # fmt: skip
def test_several_options_in_one_text_are_led_to_the_list(ledger: Ledger, options: str, told: str) -> None:
    with pytest.raises(LedgerError, match=told):
        ledger.add("Where?", deadline="2099", options=options)
