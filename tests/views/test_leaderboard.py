"""The leaderboard: who has a rank and who none, from whom difficulty is learned, and what qualifies each figure."""

from __future__ import annotations

import json
import random
import re
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

import click
import pytest
from command_line import CommandLine
from conftest import Clock

from predictions import InvalidValue, Ledger, NotALedger, NotFound
from predictions.catalog import read_catalog
from predictions.cli import cli
from predictions.cli.messages import as_typed
from predictions.cli.options import complete
from predictions.scoring.columns.claim_types import DATE
from predictions.views.scorecard.leaderboard import Leaderboard
from predictions.views.scorecard.leaderboard_words import chance

OPENING = """\
Who forecast best, allowing for how hard each statement was at each moment, and
how long each forecast stood. 0 is always saying 50 %. How this is counted: -h
How hard it was is learned from 3 forecasters with 10 statements or more. The"""
HEAD = "    who   skill   90 % interval  beats 50 %  first  statements  entered"
LIST = (
    'format = 1\n[[forecaster]]\nslug = "club"\ntitle = "The club"\nkind = "reference"\nmethod = "members: ana, ben"\n'
)
DEADLINE = date(2026, 4, 10)
Said = Callable[[str, float], None]


def club(ledger: Ledger, clock: Clock, *, said: Said = lambda slug, chance: None, count: int = 20) -> list[str]:
    """So many claims of a hundred days; ana, ben and cyd speak on the first, each with more noise than the one before.

    *said* is called for each claim, with the chance at which it comes true; *count* is how many get a verdict.
    """
    luck, claims = random.Random(7), []
    for number in range(20):
        chance = luck.random()
        slug = ledger.add(f"Claim {number} comes true", deadline=DEADLINE, opens_on="2026-01-01").slug
        for who, noise in (("ana", 0.05), ("ben", 0.2), ("cyd", 0.4)):
            ledger.forecast(slug, round(min(max(chance + luck.gauss(0, noise), 0.02), 0.98), 2), by=who)
        said(slug, chance)
        claims.append((slug, luck.random() < chance))
    clock.set("2026-09-01")
    for slug, true in claims[:count]:
        known = {"happened_on": DEADLINE - timedelta(9)} if true else {}
        ledger.resolve(slug, "yes" if true else "no", known_on=DEADLINE + timedelta(1), reason="seen", **known)
    return [slug for slug, _ in claims]


def plain(shown: object) -> str:
    return " ".join(str(shown).split())


def typed_context(typed: CommandLine) -> click.Context:
    """What a shell hands over that completes a verb on the ledger of a command line."""
    context = click.Context(cli)
    context.params["path"] = str(typed.path)
    return context


def of(board: Leaderboard, who: str) -> dict[str, object]:
    return next(dict(row) for row in board.rows() if row["forecaster"] == who)


def test_the_board_as_text_rows_json_frame_and_html(ledger: Ledger, clock: Clock) -> None:
    pyarrow = pytest.importorskip("pyarrow")
    club(ledger, clock)

    board = ledger.leaderboard()
    told, table, lines = json.loads(json.dumps(board.to_dict())), pyarrow.table(board), board.screen(typed=True)

    heading, *rest = lines.splitlines()
    assert heading.split() == [
        "Leaderboard", "as", "of", "2026-09-01", "20", "settled", "statements,", "head", ledger.head().short
    ]  # fmt: skip
    assert rest[0] == "ana leads; the true place may be any from 1 to 3."
    assert (rest[1:4], rest[6]) == (OPENING.splitlines(), HEAD)
    assert max(map(len, [heading, *rest])) <= 80
    assert told["rows"] == table.to_pylist() == [dict(row) for row in board.rows()]
    assert [row["rank"] for row in told["rows"]] == [1, 2, 3]
    assert [row["skill"] for row in told["rows"]] == sorted((row["skill"] for row in told["rows"]), reverse=True)
    assert sum(row["first"] for row in told["rows"]) == pytest.approx(1)
    for row in told["rows"]:
        assert row["lower"] < row["skill"] < row["upper"]
        assert row["rank_low"] <= row["rank"] <= row["rank_high"]
        assert (row["n"], row["unranked"], row["in_yardstick"]) == (20, "", True)
        assert row["weight"] == pytest.approx(20 * 0.99)  # told by the day, a forecast stands from the second day
        assert f"{row['skill']:+.3f}" in board._repr_html_()


def test_python_and_typed_are_the_same_board(clock: Clock, tmp_path: Path) -> None:
    typed = CommandLine(tmp_path)
    with Ledger(typed.path, me="ana") as ledger:
        club(ledger, clock)

        said = as_typed(plain(ledger.leaderboard())).replace("help(ledger.leaderboard)", "-h")
        one = json.loads(json.dumps(ledger.leaderboard(by="ben", top=2).to_dict()))

    assert said == plain(typed.says("leaderboard"))
    assert {**typed.json("leaderboard", "--by", "ben", "--top", "2"), "as_of": one["as_of"]} == one
    assert "learned from ana, ben, chosen afterwards" in plain(typed.says("leaderboard", "--group", "ana,ben"))
    assert typed("ranking").stderr.splitlines()[-1] == "error: no verb 'ranking'; say: predictions leaderboard"
    assert [item.value for item in complete("leaderboard", "group", option=True)(typed_context(typed), None, "c")] == [
        "cyd"
    ]
    assert "joining late, and taking easy statements, gain nothing" in plain(typed("leaderboard", "-h").stdout)


def test_the_same_ranking_stands_on_the_scorecard_and_on_the_page(ledger: Ledger, clock: Clock, tmp_path: Path) -> None:
    pytest.importorskip("jinja2")
    club(ledger, clock)

    board, card = ledger.leaderboard(), ledger.scorecard()
    page = plain(re.sub(r"<[^>]+>", " ", ledger.report(tmp_path / "page.html").read_text("utf-8")))

    table = [line for line in str(board).splitlines() if re.match(r" [1-3]  ", line)]
    ranking = str(card).partition("RANKING")[2].partition("SCORES")[0]
    assert len(table) == 3
    assert [line for line in ranking.splitlines() if re.match(r" [1-3]  ", line)] == table
    assert str(card).index("WHO WAS RIGHT") < str(card).index("RANKING") < str(card).index("SCORES")
    assert list(card.leaderboard.rows()) == list(board.rows())
    for row in board.rows():
        assert f"{row['rank']}. {row['forecaster']} {row['skill']:+.3f}" in page
    assert page.index("Who was right") < page.index(next(board.leaders())) < page.index("Every statement")


def test_those_who_are_asked_for_have_their_ranks_among_all(ledger: Ledger, clock: Clock) -> None:
    club(ledger, clock)
    rank = of(ledger.leaderboard(), "cyd")["rank"]

    board = ledger.leaderboard(by=["cyd"])

    assert [(row.forecaster, row.rank) for row in board.drawn] == [("cyd", rank)]
    assert ledger.scorecard(by=["cyd"]).leaderboard.drawn == board.drawn
    with pytest.raises(NotFound, match="no forecaster 'zoe'"):
        ledger.leaderboard(by="zoe")


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")  # a backdated forecast is told of
def test_who_has_nothing_to_show_is_said_so(ledger: Ledger, clock: Clock) -> None:
    slugs = club(ledger, clock)
    ledger.forecast(slugs[0], 0.5, by="eve", kind="person", made_at="2026-01-01T12:00Z")
    clock.set("2026-09-02")

    board = ledger.leaderboard(by="eve")

    assert "Nothing is settled of those who were asked for." in plain(board)
    assert "beats 50 %  first" not in str(board)
    assert "<table" not in board._repr_html_()
    assert "3 more are not drawn here." in plain(ledger.leaderboard(top=0))


def test_words_crowds_and_rules_have_a_skill_and_no_rank(ledger: Ledger, clock: Clock) -> None:
    def said(slug: str, chance: float) -> None:
        ledger.forecast(slug, words="will", by="oracle")
        for number, who in ((0.8, "lowest"), (0.99, "highest"), (0.9, "middle")):
            ledger.forecast(slug, number, by=who)
        ledger.forecast(slug, 0.5, by="coin", kind="reference")

    club(ledger, clock, said=said)

    board = ledger.leaderboard(crowds=True, group=["ana", "ben", "cyd"])
    oracle, coin, crowd = (of(board, who) for who in ("oracle", "coin", "crowd-median"))
    lowest, highest, middle = (of(board, who) for who in ("lowest", "highest", "middle"))

    assert [row["rank"] for row in (oracle, coin, crowd)] == [None] * 3
    assert [row["unranked"] for row in (oracle, coin, crowd)] == ["from words", "reference", "crowd"]
    assert oracle["skill"] == middle["skill"]
    assert oracle["lower"] == min(lowest["lower"], highest["lower"])
    assert oracle["upper"] == max(lowest["upper"], highest["upper"])
    assert 'from words: 0.90 is read from "will" (0.80 to 0.99); the interval spans both' in plain(board)
    assert "a reference: what it says follows from others, so it has no rank" in plain(board)
    ranked = [row["rank"] for row in board.rows() if row["rank"]]
    assert ranked == [1, 2, 3, 4, 5, 6]


def test_a_list_counts_as_named_beforehand_only_if_the_ledger_held_it_then(
    ledger: Ledger, clock: Clock, tmp_path: Path
) -> None:
    (tmp_path / "club.toml").write_text(LIST, encoding="utf-8")
    entered = False

    def said(slug: str, chance: float) -> None:
        nonlocal entered
        if not entered:
            ledger.register(read_catalog(tmp_path / "club.toml"))
            entered = True

    club(ledger, clock, said=said)
    (tmp_path / "late.toml").write_text(LIST.replace("club", "late").replace("ana, ben", "ben, cyd"), encoding="utf-8")
    ledger.register(read_catalog(tmp_path / "late.toml"))

    for group in ("club", ["ana", "ben"]):
        assert "ana, ben, on file as club since 2026-01-01, before any of these claims was over" in plain(
            ledger.leaderboard(group=group)
        )
    assert "ben, cyd, chosen afterwards (list late of 2026-09-01)" in plain(ledger.leaderboard(group="late"))
    assert "ana, cyd, chosen afterwards." in plain(ledger.leaderboard(group=["ana", "cyd"]))
    assert [row["in_yardstick"] for row in ledger.leaderboard(group="club").rows()].count(True) == 2
    with pytest.raises(InvalidValue, match="'crowd-odds' is a crowd, whose numbers follow from others"):
        ledger.leaderboard(group="crowd-odds", crowds=True)
    assert ledger.leaderboard(group="ana").none.startswith("none yet: it takes two forecasters")


def test_who_came_in_by_an_import_does_not_move_the_yardstick_of_the_others(ledger: Ledger, clock: Clock) -> None:
    slugs = club(ledger, clock)
    before = [of(ledger.leaderboard(), who) for who in ("ana", "ben", "cyd")]
    rows = [(slug, who) for slug in slugs for who in ("puppet-1", "puppet-2")]
    columns = {
        "claim": [slug for slug, _ in rows], "forecaster": [who for _, who in rows],
        "made_at": ["2026-01-01T09:30:00Z"] * len(rows), "probability": [0.01] * len(rows),
    }  # fmt: skip
    ledger.quote("A platform", "It rains", p=0.5, deadline="2027", said_on="2026-01-01", link="https://p.example/")
    ledger.import_forecasts(columns, published_in="a-platform")

    board = ledger.leaderboard()

    for row in before:
        after = of(board, str(row["forecaster"]))
        assert {name: after[name] for name in ("lower", "upper", "better", "n")} == {
            name: row[name] for name in ("lower", "upper", "better", "n")
        }
    assert "2 more are known from imports alone" in plain(board)
    assert of(board, "puppet-1")["rank"] is not None
    assert "of one recorder 100 % (ana)" in plain(board)


def test_where_everything_was_imported_the_imports_are_the_yardstick(ledger: Ledger, clock: Clock) -> None:
    slugs = [ledger.add(f"Claim {number} comes true", deadline=DEADLINE).slug for number in range(12)]
    ledger.quote("A platform", "It rains", p=0.5, deadline="2027", said_on="2026-01-01", link="https://p.example/")
    clock.set("2026-01-05")
    rows = [(slug, who, 0.2 + 0.1 * place) for slug in slugs for place, who in enumerate(("pia", "quin", "rob"))]
    claims, people, chances = zip(*rows, strict=True)
    columns = {"claim": claims, "forecaster": people, "made_at": ["2026-01-01T09:30:00Z"] * 36, "probability": chances}
    ledger.import_forecasts({name: list(column) for name, column in columns.items()}, published_in="a-platform")
    clock.set("2026-09-01")
    for slug in slugs:
        ledger.resolve(slug, "no", known_on=DEADLINE + timedelta(1), reason="seen")

    board = ledger.leaderboard()

    assert [row["forecaster"] for row in board.rows() if row["rank"]] == ["pia", "quin", "rob"]
    assert all(row["in_yardstick"] for row in board.rows())


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")  # clusters declared late are wanted here
def test_what_qualifies_a_figure_is_said_beside_it(ledger: Ledger, clock: Clock) -> None:
    slugs = club(ledger, clock, count=18)
    verdict = next(row for row in ledger.scorecard().rows() if row["claim"] == slugs[0])["outcome"]
    other = {"yes": "no", "no": "yes"}[str(verdict)]
    happened = {"happened_on": DEADLINE} if other == "yes" else {}
    ledger.resolve(slugs[0], other, known_on=DEADLINE + timedelta(1), dissent=True, reason="I think so", **happened)
    for slug in slugs[1:4]:
        ledger.correct(f"claim {slug}", cluster="late", reason="one fact")
    ledger.log_evidence(slugs[4], "https://e.example/", "A report", on=DEADLINE, slug="report")
    ledger.resolve(slugs[4], "no", known_on=DEADLINE + timedelta(1), because="report", reason="seen again", again=True)
    ledger.retract("report", reason="it was forged")

    board = ledger.leaderboard()

    for row in board.rows():
        assert [row[name] for name in ("n", "no_verdict", "contested", "late_clusters", "retracted")] == [
            16,
            2,
            1,
            3,
            1,
        ]
        assert row["at_worst"] < row["skill"] + 1e-9
        assert (
            f"2 claims without a verdict, 1 with a contested verdict: {row['at_worst']:+.3f} at worst; 3 in "
            "a cluster declared late; 1 with another outcome before; 1 on retracted evidence" in plain(board)
        )
    assert "clustered too late: 3 claims" in plain(board)
    assert board.statements == 16


@pytest.mark.parametrize("count", [14, 19])
def test_of_the_leader_is_said_what_no_missing_verdict_can_turn(ledger: Ledger, clock: Clock, count: int) -> None:
    slugs = club(ledger, clock, count=count)

    before = ledger.leaderboard()
    said, lines = " ".join(before.leaders()), str(before).splitlines()
    card, drawn = plain(ledger.scorecard()), [line for line in lines if re.match(r" [1-3]  ", line)]
    for slug in slugs[count:]:
        ledger.resolve(slug, "no", known_on=DEADLINE + timedelta(1), reason="seen")

    if count == 19:
        assert said.endswith(", whatever becomes of the verdicts that are missing.")
    else:
        assert said == "Who is ahead cannot be told yet: the verdicts that are missing could turn it."
    assert said in card
    assert '">=": no less than that, whatever becomes of what is in doubt' in plain(before)
    for row, line in zip(before.rows(), drawn, strict=True):
        told = [chance(row[name], at_least=True) for name in ("better", "first")]
        assert re.split("  +", line.partition("..")[2].strip())[1:3] == told
        assert row["at_least"]
    after = ledger.leaderboard()
    assert "missing" not in " ".join(after.leaders())
    assert not any(row["at_least"] or ">=" in str(after) for row in after.rows())


@pytest.mark.parametrize("meanwhile", ["", "ambiguous", "annulled", "contested"])
def test_the_worst_that_is_said_is_what_comes_if_every_verdict_goes_against(
    ledger: Ledger, clock: Clock, meanwhile: str
) -> None:
    slugs = club(ledger, clock, count=17)
    against = {}
    for row in list(ledger.scorecard(by="cyd").rows()):
        if row["claim"] in slugs[17:]:
            outcome = "yes" if row["probability"] < 0.5 else "no"
            against[str(row["claim"])] = outcome, {"happened_on": DEADLINE} if outcome == "yes" else {}
    known = {"known_on": DEADLINE + timedelta(1), "reason": "seen"}
    for slug, (outcome, happened) in against.items():
        if meanwhile == "contested":
            other = {"yes": "no", "no": "yes"}[outcome]
            ledger.resolve(slug, other, **known, **({"happened_on": DEADLINE} if other == "yes" else {}))
            ledger.resolve(slug, outcome, dissent=True, **known, **happened)
        elif meanwhile:
            ledger.resolve(slug, meanwhile, reason="nobody can tell")
    worst = of(ledger.leaderboard(), "cyd")["at_worst"]

    for slug, (outcome, happened) in against.items():
        ledger.resolve(slug, outcome, **known, **happened, again=bool(meanwhile))

    after = of(ledger.leaderboard(), "cyd")
    assert after["skill"] >= worst - 1e-9
    assert after["at_worst"] is None  # nothing is in doubt any more: who dissented says the same now
    assert after["replaced"] == (3 if meanwhile else 0)


def test_the_worst_is_worked_out_for_those_who_are_drawn(ledger: Ledger, clock: Clock) -> None:
    club(ledger, clock, count=18)

    worst = {row["forecaster"]: row["at_worst"] for row in ledger.leaderboard(top=1).rows()}

    first = next(iter(worst))
    assert {who for who, skill in worst.items() if skill is not None} == {first}
    assert of(ledger.leaderboard(), first)["at_worst"] == pytest.approx(worst[first])


@pytest.mark.parametrize("impossible", [True, False])
def test_verdicts_dated_long_before_they_were_recorded_are_told_with_their_size(
    clock: Clock, tmp_path: Path, impossible: bool
) -> None:
    boards = []
    for dated in ("2026-01-05", None):
        clock.set("2026-01-01")
        with Ledger(tmp_path / f"{dated}.db", me="ed") as ledger:
            slugs = club(ledger, clock, count=0)
            for number, slug in enumerate(slugs):
                if (number % 2 == 0) == impossible and dated:
                    known = {"impossible": True} if impossible else {"happened_on": "2026-01-05"}
                    ledger.resolve(slug, "no" if impossible else "yes", known_on=dated, reason="so", **known)
                else:
                    happened = {} if number % 2 == 0 else {"happened_on": DEADLINE, "known_on": DEADLINE}
                    ledger.resolve(slug, "yes" if happened else "no", reason="seen", **happened)
            boards.append(ledger.leaderboard())

    early, as_recorded = boards
    for row in early.rows():
        assert row["dated_early"] == 10
        assert row["by_recording"] == pytest.approx(of(as_recorded, str(row["forecaster"]))["skill"], abs=1e-9)
        assert of(as_recorded, str(row["forecaster"]))["by_recording"] is None
        assert f"{row['forecaster']} 10 ({row['by_recording']:+.3f})" in plain(early)
    assert plain(early).count("dated long before they were recorded") == 1  # every line has it, so it is said once
    assert "dated long before" not in plain(as_recorded)
    assert "the verdicts that are dated early" in " ".join(early.leaders())


@pytest.mark.filterwarnings("ignore::predictions.errors.LedgerWarning")
def test_clusters_that_were_declared_late_make_nobody_surer(ledger: Ledger, clock: Clock) -> None:
    slugs = club(ledger, clock)
    before = {row["forecaster"]: row for row in ledger.leaderboard().rows()}
    for slug in slugs[:6]:
        ledger.correct(f"claim {slug}", cluster="late", reason="one fact")

    after = {row["forecaster"]: row for row in ledger.leaderboard().rows()}

    for who, row in before.items():
        assert after[who]["skill"] == row["skill"]
        assert after[who]["lower"] <= row["lower"]
        assert after[who]["upper"] >= row["upper"]
        assert abs(after[who]["better"] - 0.5) <= abs(row["better"] - 0.5)
        assert (after[who]["n"], row["n"]) == (15, 20)
        assert after[who]["weight"] < row["weight"]


def test_too_little_and_nobody_beside_are_said_apart(ledger: Ledger, clock: Clock) -> None:
    few: list[str] = []

    def said(slug: str, chance: float) -> None:
        if len(few) < 4:
            few.append(slug)
            ledger.forecast(slug, 0.5, by="eve")

    for number in range(12):
        ledger.add(f"Dee alone {number}", deadline=DEADLINE, slug=f"alone-{number}")
        ledger.forecast(f"alone-{number}", 0.4, by="dee")
    club(ledger, clock, said=said)
    for number in range(12):
        ledger.resolve(f"alone-{number}", "no", known_on=DEADLINE + timedelta(1), reason="seen")

    board = ledger.leaderboard()

    assert "not ranked: 1 with fewer than 10 statements; dee, who shares none with the yardstick" in plain(board)
    assert (of(board, "eve")["skill"], of(board, "eve")["unranked"]) == (None, "too little")
    assert (of(board, "dee")["skill"], of(board, "dee")["table"]) == (None, None)


def test_what_nobody_else_forecasts_is_no_part_of_the_skill_and_the_line_says_so(ledger: Ledger, clock: Clock) -> None:
    for number in range(5):
        slug = f"which-{number}"
        ledger.add(f"Which, {number}", deadline=DEADLINE, slug=slug, options=["red", "blue"])
        ledger.forecast(slug, {"red": 0.99, "blue": 0.01}, by="ana")
    club(ledger, clock)
    for number in range(5):
        ledger.resolve(f"which-{number}", "blue", known_on=DEADLINE + timedelta(1))

    board, shared = ledger.leaderboard(), ledger.leaderboard(type="yes-no")

    row, other = of(board, "ana"), of(board, "ben")
    assert (row["n"], row["compared"], other["compared"]) == (25, 20, 20)
    assert row["measured"] == pytest.approx(of(shared, "ana")["measured"])
    assert "others stood beside on 20 of the 25, and only these count" in plain(board)
    assert "others stood beside" not in plain(shared)


def test_who_spoke_in_words_and_in_numbers_is_one_of_those_with_too_little(ledger: Ledger, clock: Clock) -> None:
    turns = iter(range(12))

    def said(slug: str, chance: float) -> None:
        turn = next(turns, None)
        if turn is not None:
            ledger.forecast(slug, by="eve", **({"words": "likely"} if turn % 2 else {"p": 0.5}))

    club(ledger, clock, said=said)

    board = ledger.leaderboard()

    assert [row.forecaster for row in board.lines].count("eve") == 2
    assert "not ranked: 1 with fewer than 10 statements" in plain(board)


def test_a_board_is_printed_when_its_file_is_gone_and_a_card_says_that_it_is(
    ledger: Ledger, clock: Clock, tmp_path: Path
) -> None:
    club(ledger, clock)
    board, card = ledger.leaderboard(), ledger.scorecard()
    ledger.close()
    for file in tmp_path.glob("ledger.db*"):
        file.unlink()

    assert next(board.leaders()) in plain(board)
    with pytest.raises(NotALedger, match="is gone; this card has still to read it, so print it while it is there"):
        str(card)


def test_groups_that_never_met_have_a_table_each(ledger: Ledger, clock: Clock) -> None:
    for number in range(12):
        ledger.add(f"Elsewhere {number}", deadline=DEADLINE, slug=f"elsewhere-{number}")
        for who, said in (("xena", 0.2), ("yves", 0.6)):
            ledger.forecast(f"elsewhere-{number}", said, by=who)
    club(ledger, clock)
    for number in range(12):
        ledger.resolve(f"elsewhere-{number}", "no", known_on=DEADLINE + timedelta(1), reason="seen")

    board = ledger.leaderboard()

    tables = {row["table"]: [] for row in board.rows()}
    for row in board.rows():
        tables[row["table"]].append((row["rank"], row["forecaster"]))
    assert sorted(len(rows) for rows in tables.values()) == [2, 3]
    assert all([rank for rank, _ in rows] == list(range(1, len(rows) + 1)) for rows in tables.values())
    assert [(1, "xena"), (2, "yves")] in tables.values()
    assert str(board).count("beats 50 %  first") == 2
    of_xena = ledger.leaderboard(by="xena")
    for shown in (board, of_xena):
        assert "There are 2 tables, each of those who spoke at the same time; figures of different tables" in plain(
            shown
        )
        first = " ".join(shown.leaders())
        assert "Among xena, yves, in one of 2 tables that cannot be compared: xena" in first
        assert first.count("in one of 2 tables that cannot be compared: ") == 2


def test_without_enough_or_by_what_can_be_gamed_there_is_no_ranking(ledger: Ledger, clock: Clock) -> None:
    assert "none yet: it takes 10 settled statements, and nobody has one" in plain(ledger.leaderboard())
    club(ledger, clock, count=7)
    assert "none yet: it takes 10 settled statements; the 3 first have 7" in plain(ledger.leaderboard())
    assert ledger.leaderboard().rows() == []
    for slug in [row["claim"] for row in ledger.scorecard(by="ana").rows() if row["outcome"] is None]:
        ledger.resolve(str(slug), "no", known_on=DEADLINE + timedelta(1), reason="seen")

    assert "RANKING none of the last forecasts: they reward shouting" in plain(ledger.scorecard(rule="last"))
    assert "RANKING none of the claims resolved so far" in plain(ledger.scorecard(cohort="resolved"))
    assert ledger.scorecard().leaderboard.none == ""


def test_of_many_who_only_guess_the_first_is_not_said_to_be_the_best(ledger: Ledger, clock: Clock) -> None:
    luck, rows = random.Random(1), []
    for number in range(14):
        slug = ledger.add(f"Claim {number} comes true", deadline=DEADLINE, opens_on="2026-01-01").slug
        rows += [(slug, f"guesser-{who:02}", round(luck.random(), 2)) for who in range(60)]
    ledger.quote("A platform", "It rains", p=0.5, deadline="2027", said_on="2026-01-01", link="https://p.example/")
    claims, people, chances = zip(*rows, strict=True)
    moments = ["2026-01-01T09:00:00Z"] * len(rows)
    columns = {"claim": claims, "forecaster": people, "made_at": moments, "probability": chances}
    clock.set("2026-09-01")
    ledger.import_forecasts({name: list(column) for name, column in columns.items()}, published_in="a-platform")
    for slug in dict.fromkeys(claims):
        ledger.resolve(slug, "no", known_on=DEADLINE + timedelta(1), reason="seen")

    board = ledger.leaderboard()
    best = of(board, board.drawn[0].forecaster)

    assert best["rank_high"] > 20
    assert f"{best['forecaster']} leads; the true place may be any from 1 to {best['rank_high']}" in plain(board)
    assert "40 more are not drawn here" in plain(board)
    assert "all: --top 60" in board.screen(typed=True).splitlines()
    outside = [row for row in board.drawn if not row.lower <= row.skill <= row.upper]
    assert outside
    assert f"{outside[0].measured:+.3f} as measured, drawn towards the middle" in plain(board)


def test_claims_of_every_type_are_ranked_together(ledger: Ledger, clock: Clock) -> None:
    days = [str(DEADLINE - timedelta(50)), str(DEADLINE)]
    sure = {"ana": (0.8, 0.1, 0.1), "ben": (0.4, 0.3, 0.3), "cyd": (0.1, 0.1, 0.8)}
    for number in range(6):
        ledger.add(f"Who leads {number}", deadline=DEADLINE, opens_on="2026-01-01", options=["a", "b", "c"])
        ledger.add(f"Passed when {number}", deadline=DEADLINE, opens_on="2026-01-01", when=True)
        for who, shares in sure.items():
            options = dict(zip("abc", shares, strict=True))
            ledger.forecast(f"who-leads-{number}", options, by=who)
            ledger.forecast(f"passed-when-{number}", dict(zip(days, (shares[0] / 2, shares[0]), strict=True)), by=who)
    clock.set("2026-09-01")
    for number in range(6):
        ledger.resolve(f"who-leads-{number}", "a", known_on=DEADLINE + timedelta(1), reason="seen")
        ledger.resolve(f"passed-when-{number}", "yes", happened_on=days[0], known_on=days[0], reason="seen")

    board = ledger.leaderboard()
    standings = board.standings
    table, pieces = standings.pool.table, standings.pieces

    assert [row["forecaster"] for row in board.rows()] == ["ana", "ben", "cyd"]
    assert (board.statements, of(board, "ana")["n"]) == (12, 12)
    assert list(ledger.scorecard().leaderboard.rows()) == list(board.rows())
    assert {row["n"] for row in ledger.leaderboard(type="date").rows()} == set()  # six are too few
    lost = pieces.loss * (pieces.end - pieces.start)
    series, horizon = table.series, table.claims.closes - table.claims.opens
    for claim, who, saved in zip(series.claim.tolist(), series.forecaster.tolist(), series.saved.tolist(), strict=True):
        of_series = (pieces.claim == claim) & (pieces.forecaster == who)
        worth = table.scoring.spread(series.claim[:1] * 0 + claim)[0]
        assert lost[of_series].sum() / horizon[claim] == pytest.approx(-saved / worth, abs=1e-9)
        assert (of_series.sum() > 1) == (table.claims.types.kind[claim] == DATE)  # these were answered early


def test_a_board_of_one_kind_is_of_those_alone(ledger: Ledger, clock: Clock) -> None:
    def said(slug: str, chance: float) -> None:
        for who, shift in (("gpt", 0.0), ("mini", 0.2)):
            ledger.forecast(slug, round(min(chance + shift, 0.98), 2), by=who, kind="model")

    club(ledger, clock, said=said)

    board = ledger.leaderboard(kind="model")

    assert [(row["rank"], row["forecaster"]) for row in board.rows()] == [(1, "gpt"), (2, "mini")]
    assert list(ledger.scorecard(kind="model").leaderboard.rows()) == list(board.rows())
    assert "only kind model" in str(board)
    assert len(ledger.leaderboard().rows()) == 5
