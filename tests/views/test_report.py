"""The page: whole, self-contained, the same for the same head, and text where text was recorded."""

from __future__ import annotations

import re
import sys
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

import pytest
from conftest import Clock
from hostile import HOSTILE, LIVE, hostile_ledger
from scored_ledgers import four_claims, many_claims

from predictions import InvalidValue, Ledger, MissingExtra, ainews
from predictions.render.charts.svg import Svg, element, text_of
from predictions.render.columns import columns_of

GOLDEN = Path(__file__).parents[1] / "data" / "report.html"


class Tags(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))

    def of(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.found if name == tag]


def catalogue(ledger: Ledger, clock: Clock) -> None:
    clock.set("2026-11-22")
    ledger.register(ainews())


def drawn(ledger: Ledger, folder: Path) -> str:
    return ledger.report(folder / "out.html").read_text("utf-8")


def test_a_small_report_is_as_it_should_be_to_the_letter(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    four_claims(ledger, clock)

    head = ledger.head()
    page = drawn(ledger, tmp_path).replace(str(head), "(head)").replace(head.short, "(head)")
    page = re.sub(r"<style>.*?</style>", "<style>(style)</style>", page, flags=re.DOTALL)
    page = re.sub(r"'sha256-[^']*'", "'sha256-(style)'", page)

    assert page == GOLDEN.read_text("utf-8")


def test_who_is_not_drawn_and_whose_statement_it_is_are_told_and_no_empty_tally(
    ledger: Ledger, clock: Clock, tmp_path: Path
) -> None:
    clock.set("2026-11-29")
    ledger.quote(
        "Tech Oracle",
        "A lab is listed",
        words="will",
        deadline="2027",
        said_on="2026-01-05",
        link="https://o.example/1",
    )
    ledger.add("It ships", deadline="2027", p=0.65)
    ledger.forecast("a-lab", 0.3, by="ed", made_at="2026-03-01")

    page = drawn(ledger, tmp_path)

    assert page.count("<span>backdated, not drawn: ed</span>") == 1
    assert '<p class="quiet small"><cite>Tech Oracle: ' in page
    assert "judged as a whole" not in page
    ledger.log_evidence("it-ships", "https://e.example/a", "A talk", bears="supports")
    assert "0 against" not in drawn(ledger, tmp_path)


@pytest.mark.parametrize("fill", [catalogue, many_claims])
def test_every_row_of_a_table_has_a_cell_under_each_heading(
    ledger: Ledger, clock: Clock, tmp_path: Path, fill: Callable[[Ledger, Clock], object]
) -> None:
    fill(ledger, clock)

    tables = re.findall(r"<table.*?</table>", drawn(ledger, tmp_path), flags=re.DOTALL)

    assert tables
    for table in tables:
        widths = {len(re.findall(r"<t[hd][ >]", row)) for row in re.findall(r"<tr>.*?</tr>", table, flags=re.DOTALL)}
        assert len(widths) == 1, table


def test_the_page_needs_no_script_and_loads_nothing(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    clock.set("2026-11-22")
    ledger.register(ainews())

    page = drawn(ledger, tmp_path)
    tags = Tags(page)

    assert {tag for tag, _ in tags.found} & {
        "script",
        "link",
        "img",
        "iframe",
        "object",
        "embed",
        "form",
        "base",
    } == set()
    assert not any(name.startswith("on") or name in {"style", "src"} for _, kept in tags.found for name in kept)
    assert "url(" not in page
    assert "@import" not in page
    links = [attributes["href"] or "" for attributes in tags.of("a")]
    assert all(link.startswith(("https://", "http://", "#")) for link in links)
    targets = {attributes.get("id") for _, attributes in tags.found}
    assert all(link[1:] in targets for link in links if link.startswith("#"))


def test_its_policy_allows_its_own_style_and_nothing_else(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    four_claims(ledger, clock)

    page = drawn(ledger, tmp_path)

    style = re.search(r"<style>(.*?)</style>", page, flags=re.DOTALL)
    assert style is not None
    digest = b64encode(sha256(style[1].encode()).digest()).decode()
    policy = next(one for one in Tags(page).of("meta") if one.get("http-equiv") == "Content-Security-Policy")
    assert policy["content"] == (
        f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    )


def test_ids_are_given_once_and_charts_and_tables_are_named(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    many_claims(ledger, clock)

    page = ledger.report(tmp_path / "out.html", crowds=True).read_text("utf-8")
    tags = Tags(page)

    ids = [attributes["id"] for _, attributes in tags.found if "id" in attributes]
    charts = [one for one in tags.of("svg") if one.get("role") == "img"]
    assert len(ids) == len(set(ids))
    assert len(charts) > 14
    for chart in charts:
        assert set((chart["aria-labelledby"] or "").split()) <= set(ids)
    assert all(one.get("scope") in {"col", "row"} for one in tags.of("th"))
    assert page.count("<table ") == page.count("<caption>") > 0


def numbers(page: str) -> dict[str, int]:
    """The figures at the head of a page, by their names."""
    return {name: int(number) for name, number in re.findall(r"<dt>([^<]*)</dt><dd>(\d+)</dd>", page)}


def table(page: str, caption: str) -> list[list[str]]:
    """The cells of one table, its names first."""
    inside = page.split(f"<caption>{caption}</caption>")[1].split("</table>", maxsplit=1)[0]
    cells = [re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, flags=re.DOTALL) for row in inside.split("<tr")[1:]]
    return [[re.sub("<.*?>", "", cell).strip() for cell in row] for row in cells]


def test_the_numbers_at_the_head_add_up_to_the_claims(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    four_claims(ledger, clock)
    ledger.resolve("number-3-comes-true", "ambiguous", known_on="2026-04-12", reason="nobody can tell")
    clock.set("2026-06-02")
    ledger.add("It is still to come", deadline="2026-12-31")
    for outcome in ("annulled", "no verdict"):
        slug = ledger.add(f"It ends in {outcome}", deadline="2026-06-10")
        if outcome == "annulled":
            ledger.resolve(slug, outcome, known_on="2026-06-02", reason="it lost its object")
    clock.set("2026-09-01")

    found = numbers(drawn(ledger, tmp_path))

    assert found.pop("statements held to account") == 7
    assert found == {"open": 1, "waiting for a verdict": 1, "resolved": 3, "ambiguous": 1, "annulled": 1}


def test_a_table_of_more_than_sixty_rows_is_shown_whole(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    many_claims(ledger, clock, count=21)

    page = drawn(ledger, tmp_path)

    assert "<summary>Every statement (21)</summary>" in page
    assert len(table(page, "each scored claim")) == 1 + 63


def test_of_many_statements_everything_folds_and_no_card_is_read(
    ledger: Ledger, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many_claims(ledger, clock)
    at_length = drawn(ledger, tmp_path)
    monkeypatch.setattr("predictions.views.report.report.TOLD_AT_LENGTH", 13)
    monkeypatch.setattr("predictions.views.report.report.statement_view", None)

    page = drawn(ledger, tmp_path)

    rows = re.findall(r'<details class="row"><summary>(.*?)</summary>(.*?)</details>', page, flags=re.DOTALL)
    assert len(rows) == 14
    assert len(re.findall(r'<blockquote id="claim-[a-z0-9-]+">', page)) == 14
    assert '<details class="section">\n<summary>Settled (14)</summary>' in page
    assert '<details class="section" open>\n<summary>Settled (14)</summary>' in at_length
    assert re.findall(r'<details class="row"><summary>(.*?)</summary>', at_length) == [summary for summary, _ in rows]
    assert numbers(page) == numbers(at_length)
    assert 'class="sheet" aria-labelledby="statement' not in page


def test_a_table_too_long_for_a_page_says_how_many_rows_of_how_many_it_shows(
    ledger: Ledger, clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    many_claims(ledger, clock)
    monkeypatch.setattr("predictions.views.report.scores.LISTED", 30)

    page = drawn(ledger, tmp_path)

    assert "<summary>Every statement (the 30 worst forecasts of 42)</summary>" in page
    assert len(table(page, "each scored claim")) == 1 + 30


def test_bounds_and_funnel_stand_on_the_page_for_everybody_however_many_they_are(
    ledger: Ledger, clock: Clock, tmp_path: Path
) -> None:
    four_claims(ledger, clock)
    slug = ledger.add("It comes late", deadline="2026-07-01")
    later = ledger.add("It comes later", deadline="2026-12-31")
    names = ["ana", "ben", "cyd", "dan", "eve"]
    for who in names:
        ledger.forecast(slug, 0.8, by=who)
        ledger.forecast(later, 0.5, by=who)
    clock.set("2026-09-01")

    page = drawn(ledger, tmp_path)

    funnel = table(page, "from the claims forecast to those in the mean")
    bounds = table(page, "bounds: the mean Brier if the verdicts still missing went for the forecaster, or all against")
    order = ["ben", "cyd", "dan", "eve", "ana"]
    assert [row[0] for row in funnel[1:]] == [row[0] for row in bounds[1:]] == order
    assert funnel[5][:5] + funnel[5][-1:] == ["ana", "6", "5", "4", "4", "1 open, 1 overdue"]
    assert funnel[2][-1] == "1 open, 1 overdue"
    record = ledger.scorecard().record("cyd")
    for row, one in ((bounds[5], ledger.scorecard().record("ana")), (bounds[2], record)):
        due, every = one.bounds(every_open=False), one.bounds(every_open=True)
        assert due
        assert every
        assert due != every
        assert row[2:] == [f"{low:.3f} .. {high:.3f}" for low, high in (due, every)]


def test_each_forecaster_is_drawn_with_his_mean_its_interval_and_what_he_is(
    ledger: Ledger, clock: Clock, tmp_path: Path
) -> None:
    many_claims(ledger, clock, 20)

    page = ledger.report(tmp_path / "out.html", crowds=True).read_text("utf-8")
    card = str(ledger.scorecard(crowds=True, full=True))

    ana = ledger.scorecard().figures["ana"]
    assert ana.brier is not None
    assert ana.interval is not None
    said = f"{ana.brier:.3f} ({ana.interval[0]:.3f} .. {ana.interval[1]:.3f})"
    assert page.index('id="answer"') < page.index('id="scorecard"') < page.index('id="board"')
    assert page.index('id="board"') < page.index('class="sheet" aria-labelledby="st')
    assert page.count(said) == 2  # on the chart and in its description
    assert '<dt>ana <span class="quiet">person</span></dt>' in page
    assert '<dt>crowd-median <span class="quiet">crowd, computed</span></dt>' in page
    assert "ana (person): " in card
    assert "crowd-median (crowd, computed): " in card


def test_a_yes_and_a_no_look_different(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    four_claims(ledger, clock)

    page = drawn(ledger, tmp_path)

    assert page.count('<span class="chip yes">yes</span>') == page.count('<span class="chip no">no</span>') == 2


def test_parts_stand_in_their_order_and_tabs_lead_to_where_statements_stand(
    ledger: Ledger, clock: Clock, tmp_path: Path
) -> None:
    four_claims(ledger, clock)

    page = drawn(ledger, tmp_path)

    folds = ["Scores", "Calibration", "Every statement (4)", "What is not counted"]
    assert [part for part in re.findall("<summary>(.*?)</summary>", page) if part in folds] == folds
    assert "<li>Waiting (0)</li>" in page
    assert '<a href="#settled">Settled (4)</a>' in page
    assert page.index("What is not counted") < page.index("Waiting (0)") < page.index("<summary>Settled (4)")


def test_each_statement_of_a_page_is_linked_from_where_it_stands(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    many_claims(ledger, clock)

    page = drawn(ledger, tmp_path)

    assert "Statements 1 to 14</a>, each linked from the board</li>" in page
    assert page.count('<a href="#statement-') == 1 + 14


def test_the_page_says_how_the_wording_decides_and_how_to_verify(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    clock.set("2026-11-22")
    ledger.register(ainews())

    page = drawn(ledger, tmp_path)

    assert "Its readings, side by side" in page
    assert "1 of 2 (1 provisional: fontoura rests on one established source)" in page
    assert "written afterwards" in page
    assert f"predictions --ledger LEDGER.db verify --head &#39;{ledger.head()}&#39;" in page
    assert "no outcome would show it wrong" in " ".join(page.split())


def test_hostile_text_stays_text(ledger: Ledger, tmp_path: Path) -> None:
    slugs = hostile_ledger(ledger)

    page = drawn(ledger, tmp_path)
    shown = [page, ledger.board()._repr_html_(), ledger.scorecard()._repr_html_(), ledger._repr_html_()]
    shown += [ledger.claim(slug)._repr_html_() for slug in slugs]
    shown += [ledger.claim(slug).readings._repr_html_() for slug in slugs]

    for html in shown:
        assert not any(live in html for live in LIVE)
        assert {tag for tag, _ in Tags(html).found} & {"script", "img", "iframe"} == set()
    assert "{{ 7*7 }}" in page
    assert page.count("&lt;script&gt;alert(1)&lt;/script&gt;") > 5
    assert len(HOSTILE) == len(slugs)


def test_only_what_was_built_as_svg_is_taken_as_it_is() -> None:
    assert isinstance(element("rect", x=1), Svg)
    assert text_of("<b>") == "&lt;b&gt;"
    assert str(element("text", text_of("a < b"), title='"><script>')) == (
        '<text title="&quot;&gt;&lt;script&gt;">a &lt; b</text>'
    )
    assert not hasattr("<svg ></svg>", "__html__")


def test_the_same_head_draws_the_same_page_and_writes_it_whole(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    four_claims(ledger, clock)
    heard: list[tuple[int, int]] = []

    first = drawn(ledger, tmp_path)
    ledger.report(tmp_path / "out.html", progress=lambda done, of: heard.append((done, of)))

    assert (tmp_path / "out.html").read_text("utf-8") == first
    assert heard == [(1, 4), (2, 4), (3, 4), (4, 4)]
    assert [path.name for path in tmp_path.iterdir() if path.suffix != ".db"] == ["out.html"]


@pytest.mark.parametrize(
    ("section", "there", "gone"),
    [
        ("scorecard", {"answer", "scorecard", "verify"}, {"board"}),
        ("statements", {"board", "verify"}, {"answer", "scorecard"}),
    ],
)
def test_a_section_stands_alone_with_how_to_verify_it_and_leads_nowhere_else(
    ledger: Ledger, clock: Clock, tmp_path: Path, section: str, there: set[str], gone: set[str]
) -> None:
    four_claims(ledger, clock)

    page = ledger.report(tmp_path / "out.html", section=section).read_text("utf-8")

    tags = Tags(page)
    ids = {attributes.get("id") for _, attributes in tags.found}
    assert (there - ids, gone & ids) == (set(), set())
    assert all(str(link["href"])[1:] in ids for link in tags.of("a") if str(link.get("href", "")).startswith("#"))
    assert page.count('class="square"') == (8 if section == "scorecard" else 0)


def test_a_section_that_no_report_has_is_refused(ledger: Ledger, tmp_path: Path) -> None:
    for section in ("board", 3):
        with pytest.raises(InvalidValue, match="is no section of a report; say scorecard or statements"):
            ledger.report(tmp_path / "out.html", section=section)  # type: ignore[arg-type]

    assert not (tmp_path / "out.html").exists()


def test_nothing_but_an_older_page_is_replaced(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    four_claims(ledger, clock)
    (tmp_path / "notes.html").write_text("mine")

    for name, why in (("ledger.db", "a report is a page"), ("notes.html", "is something else; say another name")):
        before = (tmp_path / name).read_bytes()
        with pytest.raises(InvalidValue, match=why):
            ledger.report(tmp_path / name)
        assert (tmp_path / name).read_bytes() == before
    with pytest.raises(InvalidValue, match="no folder"):
        ledger.report(tmp_path / "nowhere" / "out.html")


def test_a_report_as_of_an_earlier_head_names_that_head(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    four_claims(ledger, clock)
    head = ledger.head()
    clock.set("2026-07-01")
    ledger.add("Something later", deadline="2026-12-31")

    page = ledger.report(tmp_path / "out.html", as_of=head).read_text("utf-8")

    assert str(head) in page
    assert "Something later" not in page


def test_an_empty_ledger_makes_a_page_too(ledger: Ledger, tmp_path: Path) -> None:
    page = drawn(ledger, tmp_path)

    assert "<h1>What was predicted, and who was right</h1>" in page


def test_a_page_of_several_publications_is_not_titled_after_one(ledger: Ledger, tmp_path: Path) -> None:
    row = {"text": "It rains", "deadline": "2099", "p": "30%", "said_on": "2025-02-01"}
    rows = [{**row, "by": by, "link": f"https://{by.lower()}.example/1"} for by in ("Al", "Bo")]
    ledger.import_from("table", rows[:1])
    assert "<h1>Al, 2025-02-01</h1>" in drawn(ledger, tmp_path)

    ledger.import_from("table", rows)

    page = drawn(ledger, tmp_path)
    assert "<h1>What was predicted, and who was right</h1>" in page
    assert "2 sources" in page


def test_without_jinja2_the_extra_is_named(ledger: Ledger, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "jinja2", None)

    with pytest.raises(MissingExtra, match=r"install prediction-ledger\[report\]"):
        ledger.report(tmp_path / "out.html")
    assert not (tmp_path / "out.html").exists()


def test_a_page_says_how_many_more_forecasters_of_a_type_there_are(
    ledger: Ledger, clock: Clock, tmp_path: Path
) -> None:
    shares = {"red": 0.4, "blue": 0.6}
    ledger.add("Which?", deadline="2026-02-01", options=["red", "blue"], p=shares)
    for number in range(21):
        ledger.forecast("which", shares, by=f"f{number}", kind="person")
    clock.set("2026-04-01")
    ledger.resolve("which", "red", known_on="2026-02-02", reason="seen")

    assert ">2 more forecasters.</p>" in drawn(ledger, tmp_path)


def test_the_chart_of_means_calls_people_by_name_and_has_room_for_their_figures(
    ledger: Ledger, clock: Clock, tmp_path: Path
) -> None:
    slug = ledger.add("It rains", deadline="2026-02-01", p=0.3).slug
    ledger.forecast(slug, 0.4, by="Prof. Benedikt von Hohenfels-Wittelstein", kind="person")
    ledger.forecast(slug, 0.6, by="東京経済研究所予測班", kind="person")
    clock.set("2026-04-01")
    ledger.resolve(slug, "no", known_on="2026-02-02", reason="dry")

    page = drawn(ledger, tmp_path)

    chart = page[page.index('aria-labelledby="means-title') :].partition("</svg>")[0]
    letters = re.findall(r"<text[^>]*>([^<]*)<", chart)
    assert "東京経済研究所予測班" in letters
    assert max(columns_of(name) for name in letters if "interval" not in name) <= 20
    assert "Prof. Benedikt von Hohenfels-Wittelstein 0.160" in chart
