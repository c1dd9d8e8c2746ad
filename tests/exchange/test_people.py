"""Whose a platform's forecasts are: an account is one forecaster, two accounts are two."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fatebook_files import question, write
from market_exports import imported, manifold_bet, manifold_market

from predictions import InvalidValue, Ledger, NotFound
from predictions.exchange.taking.card import Taken
from predictions.records import Claim, Forecast

AT, LATER = "2026-04-14T09:07:04.000Z", "2026-04-15T09:07:04.000Z"


@pytest.fixture
def ledger(tmp_path: Path) -> Iterator[Ledger]:
    with Ledger(tmp_path / "people.db", me="ed") as book:
        yield book


def who_said(ledger: Ledger) -> dict[float | None, str]:
    return {one.probability: one.forecaster for one in ledger.snapshot().all(Forecast)}


def by_users(*users: tuple[str, str, float]) -> dict[str, object]:
    asked = question("q1", "", *((name, AT, chance) for _, name, chance in users))
    for said, (user, _, _) in zip(asked["forecasts"], users, strict=True):
        said["user"]["id"] = user
    return asked


def test_names_that_differ_in_capitals_only_are_two_forecasters_in_this_run_and_later(
    ledger: Ledger, tmp_path: Path
) -> None:
    ledger.import_from("fatebook", write(tmp_path, question("q1", "", ("ann", AT, 0.8), ("Ann", AT, 0.3))))
    said = who_said(ledger)
    again = ledger.import_from("fatebook", write(tmp_path, question("q1", "", ("ann", AT, 0.8))))
    ledger.import_from("fatebook", write(tmp_path, question("q1", "", ("ann", LATER, 0.7), ("Ann", LATER, 0.2))))

    assert said[0.3] == "fatebook-ann"
    assert said[0.8].startswith("fatebook-ann-")
    assert str(again).startswith("nothing new")
    assert (who_said(ledger)[0.2], who_said(ledger)[0.7]) == (said[0.3], said[0.8])


def test_who_is_on_file_keeps_the_plain_slug_and_a_name_in_other_capitals_alone_is_the_same_account(
    ledger: Ledger, tmp_path: Path
) -> None:
    ledger.import_from("fatebook", write(tmp_path, question("q1", "", ("ann", AT, 0.8))))
    ledger.import_from("fatebook", write(tmp_path, question("q1", "", ("ANN", LATER, 0.7))))
    ledger.import_from("fatebook", write(tmp_path, question("q2", "", ("ann", AT, 0.6), ("Ann", AT, 0.3))))

    said = who_said(ledger)
    assert said[0.8] == said[0.7] == said[0.6] == "fatebook-ann"
    assert said[0.3].startswith("fatebook-ann-")


def test_people_says_who_both_are_and_later_runs_know_it(ledger: Ledger, tmp_path: Path) -> None:
    both = question("q1", "", ("ann", AT, 0.8), ("Ann", AT, 0.3))
    ledger.import_from("fatebook", write(tmp_path, both), people={"ann": "zoe", "Ann": "ed"})
    for chance, name in ((0.7, "ann"), (0.2, "Ann")):
        ledger.import_from("fatebook", write(tmp_path, question("q2", "", (name, LATER, chance))))

    assert who_said(ledger) == {0.8: "zoe", 0.3: "ed", 0.7: "zoe", 0.2: "ed"}


def test_two_users_of_one_name_are_known_by_their_ids(ledger: Ledger, tmp_path: Path) -> None:
    file = write(tmp_path, by_users(("u1", "Ann", 0.3), ("u2", "Ann", 0.9), ("u3", "Bob", 0.5)))
    with pytest.raises(InvalidValue, match="nobody in the file is called 'Ann'"):
        ledger.import_from("fatebook", file, people={"Ann": "ed"})
    ledger.import_from("fatebook", file, people={"u1": "ed"})

    assert who_said(ledger) == {0.3: "ed", 0.9: "fatebook-u2", 0.5: "fatebook-bob"}
    assert str(ledger.import_from("fatebook", file)).startswith("nothing new")


def test_one_whose_namesake_comes_later_is_known_by_the_id(ledger: Ledger, tmp_path: Path) -> None:
    ledger.import_from("fatebook", write(tmp_path, by_users(("u1", "Ann", 0.3))), people={"Ann": "zoe"})
    file = write(tmp_path, by_users(("u1", "Ann", 0.3), ("u2", "Ann", 0.9)))

    taken = ledger.import_from("fatebook", file)

    assert (taken.alike, who_said(ledger)) == ((), {0.3: "zoe", 0.9: "fatebook-u2"})


ANN, NAMESAKE, RENAMED, OTHER = ("u1", "Ann", 0.3), ("u2", "Ann", 0.9), ("u1", "Anna", 0.6), ("u9", "Ann", 0.7)


@pytest.mark.parametrize("people", [{}, {"told": "zoe"}])
@pytest.mark.parametrize("first", [(ANN,), (ANN, NAMESAKE), (NAMESAKE, ANN)])
@pytest.mark.parametrize("later", [(ANN,), (RENAMED,), (ANN, NAMESAKE), (OTHER,), (RENAMED, OTHER)])
def test_a_user_is_known_by_the_id_whoever_else_has_the_name(
    people: dict[str, str], first: tuple[tuple[str, str, float], ...], later: tuple[tuple[str, str, float], ...],
    ledger: Ledger, tmp_path: Path,
) -> None:  # fmt: skip
    named = "Ann" if len(first) == 1 else "u1"
    ledger.import_from("fatebook", write(tmp_path, by_users(*first)), people={named: "zoe"} if people else {})
    u1 = who_said(ledger)[0.3]

    for _ in range(2):
        asked = by_users(*later) | {"id": "q2"}
        ledger.import_from("fatebook", write(tmp_path, by_users(*first), asked))

    said: dict[float | None, set[str]] = {}
    for one in ledger.snapshot().all(Forecast):
        said.setdefault(one.probability, set()).add(one.forecaster)
    assert said[0.3] == {u1}
    assert said.get(0.6, {u1}) == {u1}
    assert all(len(who) == 1 for who in said.values())
    assert u1 not in said.get(0.9, set()) | said.get(0.7, set())
    assert said.get(0.9, {"a"}) != said.get(0.7, {"b"})


@pytest.mark.parametrize("names", [("Ann", "ann"), ("ann", "Ann"), ("ANN", "Ann"), ("Ann", "ANN")])
def test_who_was_told_once_stays_so_when_somebody_of_other_capitals_comes(
    names: tuple[str, str], ledger: Ledger, tmp_path: Path
) -> None:
    told, other = names
    ledger.import_from("fatebook", write(tmp_path, question("q1", "", (told, AT, 0.3))), people={told: "zoe"})
    both = write(tmp_path, question("q1", "", (told, AT, 0.3), (other, AT, 0.8), (told, LATER, 0.2)))

    taken, again = ledger.import_from("fatebook", both), ledger.import_from("fatebook", both)

    said = who_said(ledger)
    assert (taken.new["forecast"], dict(again.new)) == (2, {})
    assert (said[0.3], said[0.2]) == ("zoe", "zoe")
    assert said[0.8].startswith("fatebook-ann")


def test_a_forecast_without_its_time_is_refused_and_none_is_made_now(ledger: Ledger, tmp_path: Path) -> None:
    asked = question("q1", "", ("Ann", AT, 0.3))
    asked["forecasts"][0]["createdAt"] = None
    with pytest.raises(InvalidValue, match=r"forecasts\[1\].createdAt"):
        ledger.import_from("fatebook", write(tmp_path, asked))

    assert who_said(ledger) == {}


@pytest.mark.parametrize("made_at", ["1970-01-01T00:00:00.000Z", "1899-12-30T00:00:00.000Z"])
def test_a_forecast_of_an_empty_cells_day_is_refused(ledger: Ledger, tmp_path: Path, made_at: str) -> None:
    with pytest.raises(InvalidValue, match=r"lies before any platform\s+began"):
        ledger.import_from("fatebook", write(tmp_path, question("q1", "", ("Ann", made_at, 0.3))))

    assert who_said(ledger) == {}


@pytest.fixture
def with_ann(ledger: Ledger, tmp_path: Path) -> Ledger:
    """A ledger that knows one Ann, from Fatebook alone."""
    asked = question("q1", "", ("Ann", AT, 0.3), resolveBy="2028-01-31T00:00:00.000Z")
    ledger.import_from("fatebook", write(tmp_path, asked))
    return ledger


def test_a_name_on_a_platform_is_nobody_at_the_other_doors(with_ann: Ledger, tmp_path: Path) -> None:
    table = tmp_path / "said.csv"
    table.write_text("prediction,deadline,by,p,said_on\nIt rains,2027-12-31,Ann,0.8,2026-02-01\n", encoding="utf-8")
    taken = with_ann.import_from("table", table)
    claim = next(one.slug for one in with_ann.snapshot().all(Claim) if one.title == "It rains")
    with_ann.forecast(claim, 0.7, by="Ann")
    row = {"claim": claim, "forecaster": "Ann", "made_at": "2026-02-20", "probability": 0.6}
    with_ann.import_forecasts([row], kind="person")

    assert who_said(with_ann) == {0.3: "fatebook-ann", 0.8: "ann", 0.7: "ann", 0.6: "ann"}
    assert "fatebook-ann" in str(taken), "the card asks whether they are one"


def test_a_typed_name_known_from_a_platform_alone_is_asked_about(with_ann: Ledger) -> None:
    with pytest.raises(
        NotFound, match="by='fatebook-ann' if they forecast; somebody new is recorded with kind=\"person\""
    ):
        with_ann.forecast("fatebook-q1", 0.7, by="Ann")
    with_ann.forecast("fatebook-q1", 0.7, by="fatebook-ann")
    with_ann.forecast("fatebook-q1", 0.6, by="Ann", kind="person")

    assert who_said(with_ann) == {0.3: "fatebook-ann", 0.7: "fatebook-ann", 0.6: "ann"}


def test_the_owner_is_not_who_has_the_same_name_on_a_platform(with_ann: Ledger, tmp_path: Path) -> None:
    with Ledger(tmp_path / "people.db", me="Ann") as ledger:
        ledger.forecast("fatebook-q1", 0.7)

    assert who_said(with_ann)[0.7] == "ann"


def test_screens_still_find_an_account_by_its_name(with_ann: Ledger) -> None:
    assert "fatebook-q1" in str(with_ann.board(by="Ann"))


@pytest.mark.parametrize(("held", "other"), [("person", "crowd"), ("crowd", "person")])
def test_a_crowd_that_is_a_person_on_file_is_refused_with_the_line_that_puts_it_right_and_the_reverse(
    held: str, other: str, ledger: Ledger, tmp_path: Path
) -> None:
    prices = [[manifold_market()], [manifold_bet()]]
    by_somebody = [question("q9", "", ("price", AT, 0.5))]
    slug, platform = ("manifold-price", "manifold") if other == "crowd" else ("fatebook-price", "fatebook")
    ledger.import_from("fatebook", write(tmp_path, question("q1")))
    ledger.forecast("fatebook-q1", 0.6, by=slug, kind=held, made_at="2026-03-20")

    def take() -> Taken:
        if platform == "manifold":
            return imported(ledger, tmp_path, "manifold", *prices)
        return ledger.import_from("fatebook", write(tmp_path, *by_somebody))

    with pytest.raises(InvalidValue, match=f"{slug} is a {held} on file, and a {other} on ") as refused:
        take()
    line = str(refused.value).partition("first: ")[2]
    exec(line.replace("WHY", "as there"), {"ledger": ledger})

    assert take().new["forecast"] == 1


@pytest.mark.parametrize("typed", ["fatebook-ana-k", "fatebook-ana", "fatebook-ana-k-c8bdacfc"])
def test_people_takes_the_only_account_on_file_that_a_slug_begins(typed: str, ledger: Ledger, tmp_path: Path) -> None:
    ledger.import_from("fatebook", write(tmp_path, question("q1", "", ("ana_k", AT, 0.3))))

    ledger.import_from("fatebook", write(tmp_path, question("q2", "", ("Zoe", AT, 0.8))), people={"Zoe": typed})

    assert who_said(ledger) == {0.3: "fatebook-ana-k-c8bdacfc", 0.8: "fatebook-ana-k-c8bdacfc"}


@pytest.mark.parametrize(
    ("typed", "told"), [("fatebook-an", "begins two forecasters"), ("fatebook-zoee", "did you mean 'fatebook-zoe'")]
)
def test_people_asks_about_an_account_that_is_not_on_file(
    typed: str, told: str, ledger: Ledger, tmp_path: Path
) -> None:
    said = (("anna", AT, 0.3), ("annie", AT, 0.4), ("Zoe", AT, 0.5))
    ledger.import_from("fatebook", write(tmp_path, question("q1", "", *said)))
    head = ledger.head()

    with pytest.raises(NotFound, match=told):
        ledger.import_from("fatebook", write(tmp_path, question("q2", "", ("Al", AT, 0.8))), people={"Al": typed})

    assert ledger.head() == head


def test_people_takes_an_account_that_was_joined_to_somebody(ledger: Ledger, tmp_path: Path) -> None:
    ledger.import_from("fatebook", write(tmp_path, question("q1", "", ("Ann", AT, 0.3))), people={"Ann": "zoe"})

    ledger.import_from("fatebook", write(tmp_path, question("q2", "", ("Al", AT, 0.8))), people={"Al": "fatebook-ann"})

    assert who_said(ledger) == {0.3: "zoe", 0.8: "zoe"}


def test_a_name_of_64_digits_is_told_by_its_beginning(ledger: Ledger, tmp_path: Path) -> None:
    first, second = "3f" * 32, "9a" * 32
    file = write(tmp_path, question("q1", "", (first, AT, 0.3), (second, AT, 0.4)))

    ledger.import_from("fatebook", file, people={first[:8]: "zoe"})

    assert who_said(ledger)[0.3] == "zoe"
    assert who_said(ledger)[0.4].startswith("fatebook-9a9a")


def test_of_a_file_in_which_nothing_has_a_place_people_says_why_nobody_is_in_it(ledger: Ledger, tmp_path: Path) -> None:
    file = write(tmp_path, question("q1", "", ("Ann", AT, 0.3), resolveBy=None))

    with pytest.raises(InvalidValue, match="'Ann'; it has none: left out are 1 question: 1 has no deadline"):
        ledger.import_from("fatebook", file, people={"Ann": "zoe"})
