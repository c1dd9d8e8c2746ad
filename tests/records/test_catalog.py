"""Catalogues: what is read, in which order, and how a bad entry is refused."""

from __future__ import annotations

import re
import sys
import tracemalloc
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, date, datetime
from pathlib import Path
from types import FrameType

import pytest

from predictions import Ledger
from predictions.catalog import Catalog, read_catalog
from predictions.errors import InvalidValue, NotFound
from predictions.records import Bearing, Claim, Forecast

SOURCE = """
[[source]]
slug = "s"
title = "A source"
published = 2026-08-31

[[statement]]
slug = "st"
source = "s"
text = "Within 18 months something happens."
"""
EVIDENCE = '[[evidence]]\nslug = "e"\nlink = "https://example.org/e"\ntitle = "E"\n'
FORECAST = '[[forecast]]\nclaim = "x"\nforecaster = "f"\n'


def claim(slug: str = "x", window: str = 'horizon = "within 18 months"', more: str = "") -> str:
    return f"""
[[claim]]
slug = "{slug}"
statement = "st"
reading = "headline"
title = "X"
wording = "Something happens."
criteria = "Yes if it does."
{window}
{more}
"""


def read(tmp_path: Path, *entries: str, top: str = "format = 1\n") -> Catalog:
    path = tmp_path / "mine.toml"
    path.write_text(top + "".join(entries), encoding="utf-8")
    return read_catalog(path)


def refusal(tmp_path: Path, *entries: str, top: str = "format = 1\n") -> str:
    with pytest.raises(InvalidValue) as refused:
        read(tmp_path, *entries, top=top)
    assert refused.value.__cause__ is None
    return str(refused.value)


def only(catalog: Catalog, kind: type) -> list:  # type: ignore[type-arg]
    return [record for record in catalog.records if isinstance(record, kind)]


def test_the_example_of_the_documentation_loads(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "catalog.md").read_text(encoding="utf-8")
    example = re.findall(r"```toml\n(.*?)```", page, re.DOTALL)

    catalog = read(tmp_path, *example, top="")

    [ferries], [bearing], [forecast] = (only(catalog, kind) for kind in (Claim, Bearing, Forecast))
    assert ferries.deadline == date(2027, 9, 1)
    assert bearing.meets == ("battery", "line")
    assert forecast.imputed


def test_the_documentation_names_every_field_a_record_has(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "catalog.md").read_text(encoding="utf-8")

    missing = [
        field
        for record in read(tmp_path, *re.findall(r"```toml\n(.*?)```", page, re.DOTALL), top="").records
        for field in type(record).model_fields
        if field != "recorded_by" and not re.search(rf"\b{field}\b", page)
    ]

    assert missing == []


@pytest.mark.filterwarnings("ignore:.* was recorded so before and since corrected")
@pytest.mark.parametrize(
    ("claims", "scored"),
    [
        ([claim("a")], [True]),
        ([claim("a"), claim("b")], [True, False]),
        ([claim("a"), claim("b", more="scored = true")], [False, True]),
        ([claim("a", more="scored = false"), claim("b")], [False, False]),
        ([claim("a"), claim("b", more='supersedes = "a"')], [True, True]),
        ([claim("a"), claim("a", more='revision = 2\nreason = "a slip"\nnotes = "N"')], [True, True]),
        ([claim("a"), claim("t", more='type = "all-of"\nparts = ["a"]')], [False, True]),
    ],
)
def test_the_first_reading_is_scored_where_the_catalogue_does_not_say(
    claims: list[str], scored: list[bool], tmp_path: Path
) -> None:
    found = only(read(tmp_path, SOURCE, *claims), Claim)

    assert [one.scored for one in found] == scored
    with Ledger(tmp_path / "ledger.db", me="ana") as ledger:
        ledger.register(read(tmp_path, SOURCE, *claims))
        assert ledger.register(read(tmp_path, SOURCE, *claims)) == 0


def test_a_forecaster_who_stands_nowhere_is_told_of_with_the_remedy(tmp_path: Path) -> None:
    said = FORECAST + 'made_at = "2026-09-02"\nprobability = 0.4\n'
    with Ledger(tmp_path / "ledger.db") as ledger, pytest.raises(NotFound) as refused:
        ledger.register(read(tmp_path, SOURCE, claim(), said))

    assert str(refused.value) == (
        "forecast x f 2026-09-02T23:59:59.999999Z: no forecaster 'f' in this ledger, nor in mine.toml; "
        "add its table there, or mend the slug"
    )


def test_a_horizon_alone_becomes_days_counted_from_the_source(tmp_path: Path) -> None:
    [found] = only(read(tmp_path, SOURCE, claim()), Claim)

    assert (found.opens_on, found.deadline) == (date(2026, 8, 31), date(2028, 2, 29))
    assert found.horizon == "within 18 months"
    assert found.edtf == "2026-08-31/2028-02-29"
    assert "2026-08-31" in found.horizon_read


def test_made_on_wins_over_the_day_of_the_source(tmp_path: Path) -> None:
    window = 'horizon = "within 18 months"\nmade_on = 2026-04-13'

    [found] = only(read(tmp_path, SOURCE, claim(window=window)), Claim)

    assert found.deadline == date(2027, 10, 13)


def test_explicit_days_win_and_the_words_are_kept(tmp_path: Path) -> None:
    window = """opens_on = 2026-09-01
deadline = "2027-01-31"
horizon = "soon"
horizon_read = "five months, our reading" """

    [found] = only(read(tmp_path, SOURCE, claim(window=window)), Claim)

    assert (found.opens_on, found.deadline) == (date(2026, 9, 1), date(2027, 1, 31))
    assert (found.horizon, found.horizon_read) == ("soon", "five months, our reading")
    assert found.edtf is None


def test_words_become_a_range_and_a_day_its_end(tmp_path: Path) -> None:
    entry = FORECAST + 'made_at = 2026-04-13\nwords = "likely"\nscale = "icd-203"\n'

    [found] = only(read(tmp_path, entry), Forecast)

    assert (found.low, found.probability, found.high) == (0.55, 0.675, 0.8)
    assert found.made_at == datetime(2026, 4, 13, 23, 59, 59, 999999, tzinfo=UTC)
    assert found.imputed


@pytest.mark.parametrize("written", ["2026-04-13T09:30:00+02:00", '"2026-04-13T07:30Z"', '"2026-04-13T09:30:00+02:00"'])
def test_a_moment_may_be_a_toml_date_time_or_text(tmp_path: Path, written: str) -> None:
    [found] = only(read(tmp_path, FORECAST + f"made_at = {written}\nprobability = 0.5\n"), Forecast)

    assert found.made_at == datetime(2026, 4, 13, 7, 30, tzinfo=UTC)


def test_words_beside_a_number_leave_the_number_alone(tmp_path: Path) -> None:
    words = 'made_at = 2026-04-13\nprobability = 0.6\nwords = "a fair bet"\nscale = "mine"\n'

    [found] = only(read(tmp_path, FORECAST + words), Forecast)

    assert (found.probability, found.low, found.words) == (0.6, None, "a fair bet")


def test_what_a_record_refers_to_comes_before_it_and_the_rest_stays_in_order(tmp_path: Path) -> None:
    tree = claim("tree", more='type = "all-of"\nparts = ["b", "a"]')
    others = claim("a", more='given = "c"'), claim("b"), claim("c"), claim("d", more='supersedes = "tree"')

    catalog = read(tmp_path, EVIDENCE, '[[evidence.bearing]]\nclaim = "a"\nbears = "context"\n', tree, *others, SOURCE)

    names = [record.name for record in catalog.records]
    assert names == ["e", "s", "st", "c", "a", "a e", "b", "tree", "d"]


def test_a_correction_follows_what_it_corrects(tmp_path: Path) -> None:
    event = '[[event]]\nslug = "v"\ntitle = "V"\nhappened = "2026"\n'
    correction = event + 'revision = 2\nreason = "typo"\n'

    catalog = read(tmp_path, correction, event)

    assert [record.revision for record in catalog.records] == [1, 2]


def test_a_chain_of_thousands_is_put_in_order(tmp_path: Path) -> None:
    chain = [claim(f"c{n}", more=f'supersedes = "c{n + 1}"') for n in range(3000)]

    catalog = read(tmp_path, SOURCE, *chain)

    assert [record.name for record in catalog.records[2:]] == [f"c{n}" for n in range(2999, -1, -1)]


def test_references_may_lead_out_of_the_file(tmp_path: Path) -> None:
    bearing = '[[bearing]]\nclaim = "elsewhere"\nevidence = "there"\nbears = "context"\n'

    assert len(read(tmp_path, bearing).records) == 1


def test_all_means_every_condition_of_the_claim(tmp_path: Path) -> None:
    conditions = 'conditions = [{ name = "b", text = "B" }, { name = "a", text = "A" }]'
    events = claim(more=f'type = "events"\nat_least = 1\n{conditions}')
    bearing = '[[evidence.bearing]]\nclaim = "x"\nbears = "supports"\nevent = "v"\nmeets = "all"\n'

    [found] = only(read(tmp_path, SOURCE, events, EVIDENCE, bearing), Bearing)

    assert (found.evidence, found.meets) == ("e", ("a", "b"))


def test_a_byte_order_mark_and_windows_lines_do_no_harm(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"\xef\xbb\xbf" + ("format = 1\n" + SOURCE).replace("\n", "\r\n").encode())

    assert len(read_catalog(path).records) == 2


def test_a_catalogue_shows_what_it_holds(tmp_path: Path) -> None:
    assert repr(read(tmp_path, SOURCE)).startswith("<Catalog: source 1, statement 1, claim 0")


BEARING = '[[evidence.bearing]]\nclaim = "x"\nbears = "supports"\nevent = "v"\n'
EVENTS = claim(more='type = "events"\nat_least = 1\nconditions = [{ name = "size", text = "T" }]')
BAD_ENTRIES = [
    (claim(window='opens_on = 2026-01-01\ndeadline = "02/03"'), "claim 'x', deadline: cannot read '02/03'"),
    (claim(window="opens_on = 2026-01-01"), "claim 'x', deadline: this field is missing"),
    (claim(window="opens_on = 2027-01-01\ndeadline = 2026-01-01"), "claim 'x': the window ends 2026-01-01, before"),
    (claim(window=""), "claim 'x': no window; give opens_on and deadline, or a horizon in words"),
    (claim(window='horizon = "soon"'), "claim 'x', horizon: 'soon' is no day; say 2027, 'Q3 2027'"),
    (claim(window='horizon = "by 2026"\nmade_on = "May"'), "claim 'x', made_on: cannot read 'May' as a day"),
    (claim(window='horizon = "by 2026"\nmade_on = 2026'), "claim 'x', made_on: say on which day 'by 2026' was said"),
    (
        claim(window='opens_on = 2026-01-01\ndeadline = 2026-12-31\nhorizon = "By 2026"'),
        "claim 'x', horizon_read: say how 'By 2026' was read as these days",
    ),
    (claim(window="open_on = 2026-01-01"), "claim 'x': 'open_on' is not a field of claim; did you mean 'opens_on'?"),
    (claim(more='type = "evnts"'), "claim 'x', type: 'evnts' is not one of 'yes-no', 'events'"),
    (claim(more='scored = "yes"'), "claim 'x', scored: 'yes' is neither true nor false"),
    (claim(more='tags = "a"'), "claim 'x', tags: 'a' is not a list"),
    (claim(more='tags = ["A"]'), "claim 'x', tags 1: 'A' is not a slug"),
    (claim(more='conditions = ["a"]'), "claim 'x', conditions 1: 'a' is not a table"),
    (claim(more='conditions = [{ name = "a" }]'), "claim 'x', conditions 1 text: this field is missing"),
    (claim("X"), "claim 'X', slug: 'X' is not a slug"),
    (claim(more="at_least = 2"), "claim 'x': at_least=2 is of a claim of type events, and this is yes-no"),
    (claim() + claim(), "claim 'x': it is here twice; a correction needs a revision"),
    ('[[event]]\nslug = "v"\nhappened = 2026-06-17\n', "event 'v', title: this field is missing"),
    ('[[event]]\nslug = "v"\ntitle = "V"\nhappened = 2026\n', "event 'v', happened: 2026 is not a date"),
    ('[[event]]\ntitle = "V"\nhappened = 2026-06-17\n', "event 1, slug: this field is missing"),
    ('[[source]]\nslug = ["a"]\ntitle = "A"\n', "source ['a'], slug: ['a'] is not a slug"),
    ('[[forecast]]\nclaim = "x"\np = 0.7\n', "'p' is not a field of forecast; did you mean 'probability'?"),
    ('[[forecast]]\nclaim = "x"\nby = "ana"\n', "'by' is not a field of forecast; did you mean 'forecaster'?"),
    ('[[event]]\nslug = "v"\nrecorded_by = "me"\n', "event 'v': 'recorded_by' is not a field of event"),
    (EVIDENCE.replace("https:", "ftp:"), "evidence 'e', link: 'ftp://example.org/e' is not a web link"),
    (EVIDENCE + 'bearing = "x"\n', "evidence 'e': this is not a list of tables"),
    (EVIDENCE + BEARING + 'meets = "all"\n', "evidence 'e', bearing 1, meets: 'all' needs a claim in this file"),
    (EVIDENCE + BEARING + 'meets = "a"\n', "evidence 'e', bearing 1, meets: 'a' is not a list"),
    (EVENTS + EVIDENCE + BEARING + 'meets = ["sise"]\n', "bearing 1, meets: no condition 'sise'; did you mean 'size'?"),
    (EVIDENCE + BEARING + 'evidence = "f"\n', "evidence 'e', bearing 1, evidence: it is the one above"),
    (EVIDENCE + BEARING.replace("supports", "agrees"), "evidence 'e', bearing 1, bears: 'agrees' is not one of"),
    (EVIDENCE + BEARING + "likelihood_ratio = -1\n", "evidence 'e', bearing 1, likelihood_ratio: -1"),
    (FORECAST + "made_at = 2026-01-01\n", "forecast 1: say a probability"),
    (FORECAST + "made_at = 2026-01-01\nprobability = 70\n", "forecast 1, probability: 70 is not a probability"),
    (FORECAST + "made_at = 2026-01-01\nprobability = nan\n", "forecast 1, probability: nan is not a probability"),
    (FORECAST + "made_at = 2026-01-01\nprobability = true\n", "forecast 1, probability: True is not a probability"),
    (FORECAST + "made_at = 2026-01-01T10:00:00\nprobability = 0.5\n", "forecast 1, made_at: the moment"),
    (FORECAST + "made_at = 5\nprobability = 0.5\n", "forecast 1, made_at: cannot read 5 as a moment"),
    (FORECAST + 'made_at = 2026-01-01\nwords = "will"\n', "forecast 1, words: no scale ''; there are house"),
    (
        FORECAST + 'made_at = 2026-01-01\nwords = "surely"\nscale = "house"\n',
        "forecast 1, words: 'surely' is not on the scale 'house'",
    ),
]


@pytest.mark.parametrize(("entry", "sentence"), BAD_ENTRIES)
def test_a_bad_entry_names_file_entry_and_field(tmp_path: Path, entry: str, sentence: str) -> None:
    message = refusal(tmp_path, SOURCE, entry)

    assert message.startswith("mine.toml, ")
    assert sentence in message
    assert "\n" not in message
    assert "Value error" not in message


BAD_FILES = [
    ("", "mine.toml, format: write format = 1 at the top"),
    ("format = 2\n", "mine.toml, format: write format = 1 at the top, not 2"),
    ("format = true\n", "mine.toml, format: write format = 1 at the top, not True"),
    ("format = 1\n= 3\n", "mine.toml, line 2, column 1: this is not TOML"),
    ('format = 1\n[[source]]\nslug = "s', "mine.toml, end of document: this is not TOML"),
    ("format = 1\nx = 1\nx = 2\n", "mine.toml, line 3, column 6: this is not TOML"),
    ("format = 1\npublished = 2026-02-30\n", "mine.toml, line 2, column 13: this is not TOML"),
    ("format = 1\nclaims = []\n", "mine.toml: 'claims' is not a table of a catalogue; did you mean 'claim'?"),
    ("format = 1\n[source]\nslug = 's'\n", "mine.toml, source: this is not a list of tables; write [[source]]"),
    ("format = 1\nsource = 3\n", "mine.toml, source: this is not a list of tables"),
    ("format = 1\nresolution = []\n", "mine.toml: 'resolution' is not a table of a catalogue; verdicts"),
    (f"format = 1\nx = {'[' * 40}{']' * 40}\n", "mine.toml: nested deeper than 32 levels"),
    (f"format = 1\nx = {'[' * 5000}{']' * 5000}\n", "mine.toml: nested deeper than 32 levels"),
    (f"format = 1\nx = {'9' * 5000}\n", "mine.toml: a number in it is too long"),
    (f"format = 1\n# {'x' * 5_000_000}\n", "mine.toml: more than 5 MB"),
]


@pytest.mark.parametrize(("content", "sentence"), BAD_FILES, ids=range(len(BAD_FILES)))
def test_a_bad_file_is_refused_in_one_sentence(tmp_path: Path, content: str, sentence: str) -> None:
    assert refusal(tmp_path, top=content).startswith(sentence)


def test_a_catalogue_without_its_format_names_no_value_that_is_not_there(tmp_path: Path) -> None:
    assert refusal(tmp_path, top="") == "mine.toml, format: write format = 1 at the top"


def test_a_file_that_is_not_text_names_the_line(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_bytes(b"format = 1\n# caf\xe9\n")

    with pytest.raises(InvalidValue, match=r"mine\.toml, line 2: this is not UTF-8 text"):
        read_catalog(path)


@pytest.mark.parametrize("name", ["", "missing.toml", "a\0b"])
def test_what_is_not_a_file_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(InvalidValue, match=r"is no (catalogue that can be read|path)"):
        read_catalog(f"{tmp_path}/{name}")


def test_a_source_that_is_not_there_is_named_rather_than_its_day(tmp_path: Path) -> None:
    elsewhere = SOURCE.replace('source = "s"', 'source = "elsewhere"')

    message = refusal(tmp_path, elsewhere, claim(window='horizon = "by 2026"'))

    assert "claim 'x': its statement names the source 'elsewhere', which is not in this file" in message


def test_claims_that_refer_to_each_other_in_a_circle_are_refused(tmp_path: Path) -> None:
    circle = claim("a", more='given = "b"'), claim("b", more='supersedes = "a"')

    message = refusal(tmp_path, SOURCE, *circle)

    assert message in {
        "mine.toml: these claims refer to each other: a -> b -> a",
        "mine.toml: these claims refer to each other: b -> a -> b",
    }


GREEDY = {  # shapes of a catalogue that cost a reader of TOML much for each byte, by how many times each is repeated
    "dotted keys": lambda n: "a." * n + "a = 1",
    "long headers": lambda n: "\n".join(f"[x{k}{'.a' * 99}]" for k in range(n // 200)),
    "other headers": lambda n: "\n".join(f"[a{k}]" for k in range(n)),
    "many dotted keys": lambda n: "\n".join(f"a{k}.b = 1" for k in range(n)),
    "dotted keys in braces": lambda n: f"[[source]]\nx = [{'{a.b=1},' * n}]",
    "braces in braces": lambda n: f"[[source]]\nx = [{'{a={a={a={a=1}}}},' * n}]",
    "braces": lambda n: f"[[source]]\nx = [{'{ab=1},' * n}]",
    "lists": lambda n: f"[[source]]\nx = [{'[],' * n}]",
    "tables": lambda n: "[[source]]\n" * n,
    "keys": lambda n: "[[source]]\n" + "\n".join(f"k{k} = 1" for k in range(n)),
    "quotes": lambda n: "x = '''" + '"""\\"' * n,
    "records": lambda n: "\n".join(f'[[source]]\nslug = "e{k}"\ntitle = "x"\nkind = "post"' for k in range(n // 9)),
}


@pytest.mark.parametrize("shape", GREEDY)
def test_a_catalogue_costs_little_memory_for_each_byte(shape: str, tmp_path: Path) -> None:
    for size in (2_000, 10_000):
        text = "format = 1\n" + GREEDY[shape](size) + "\n"
        (tmp_path / "mine.toml").write_text(text)
        tracemalloc.start()
        with suppress(InvalidValue):
            read_catalog(tmp_path / "mine.toml")
        _, peak = tracemalloc.get_traced_memory()
        tracemalloc.stop()
        assert peak < 50 * len(text) + 200_000, (shape, size, peak / len(text))


def lines_run(text: str, path: Path) -> int:
    """How many lines of Python it takes to read a catalogue: the same on every machine."""
    path.write_text(text)
    count = 0

    def trace(frame: FrameType, event: str, _: object) -> Callable[..., object]:
        nonlocal count
        count += event == "line"
        return trace

    before = sys.gettrace()
    sys.settrace(trace)
    try:
        with suppress(InvalidValue):
            read_catalog(path)
    finally:
        sys.settrace(before)
    return count


@pytest.mark.parametrize("shape", GREEDY)
def test_the_work_of_reading_a_catalogue_grows_as_its_bytes_do(shape: str, tmp_path: Path) -> None:
    few, many = (f"format = 1\n{GREEDY[shape](size)}\n" for size in (600, 2_400))

    ratio = lines_run(many, tmp_path / "mine.toml") / lines_run(few, tmp_path / "mine.toml")

    assert ratio < 1.3 * len(many) / len(few)


def test_control_without_the_check_dotted_keys_are_dear(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("predictions.catalog_tables._check_keys", lambda *_: None)
    many = f"format = 1\n{GREEDY['dotted keys'](2_400)}\n"
    (tmp_path / "mine.toml").write_text(many)

    tracemalloc.start()
    with pytest.raises(InvalidValue, match="nested deeper"):
        read_catalog(tmp_path / "mine.toml")
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    assert peak > 50 * len(many) + 200_000


def test_texts_may_hold_any_dots_and_brackets(tmp_path: Path) -> None:
    prose = "\n".join(f"[a{k}] see https://a.b.c.d/e?f={k} {{ {{ {{ and so on ..." for k in range(300))
    text = 'format = 1\n[[source]]\nslug = "essay"\ntitle = "x"\nkind = "article"\n[[statement]]\nslug = "s"\n'
    (tmp_path / "mine.toml").write_text(f'{text}source = "essay"\ntext = """\n{prose}"""  # a.b.c\n')

    assert read_catalog(tmp_path / "mine.toml").records[1].text.startswith("[a0] see https")
