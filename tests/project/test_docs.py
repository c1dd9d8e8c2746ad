"""Every page of the documentation that teaches runs from its first line to its last, and every link leads somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from conftest import Clock
from pages import Reader, blocks

ROOT = Path(__file__).parents[2]
DOCS = ROOT / "docs"
TAUGHT = (
    "tutorial.md", "how-to-spreadsheet.md", "how-to-team.md", "how-to-model.md", "how-to-types.md", "how-to-test.md",
    "platforms.md",
)  # fmt: skip
PAGES = sorted([*DOCS.glob("*.md"), *ROOT.glob("*.md")])
LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)|<img src=\"([^\"]+)\"")


@pytest.fixture
def reader(clock: Clock, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Reader:
    """Somebody who reads in an empty folder, with nothing set."""
    monkeypatch.chdir(tmp_path)
    for name in ("PREDICTIONS_ME", "PREDICTIONS_LEDGER", "COLUMNS"):
        monkeypatch.delenv(name, raising=False)
    return Reader(clock, monkeypatch)


@pytest.mark.parametrize("name", TAUGHT)
def test_a_page_that_teaches_runs_and_shows_what_it_says(name: str, reader: Reader) -> None:
    reader.follow(DOCS / name)

    assert reader.ran >= 3
    assert reader.compared >= 1


@pytest.mark.parametrize(
    ("page", "fault"),
    [
        ("```python\n1 + 1\n```\n\n```\n3\n```\n", AssertionError),
        ("```python\n1 +\n```\n", SyntaxError),
        ("```sh\npredictions scorecard --ledger nowhere.db\n```\n", AssertionError),
        ("```sh\nrm -r /\n```\n", AssertionError),
        ("```python\nunknown\n```\n", NameError),
    ],
)
def test_a_page_that_says_what_is_not_so_is_found(
    page: str, fault: type[Exception], reader: Reader, tmp_path: Path
) -> None:
    (tmp_path / "page.md").write_text(page)

    with pytest.raises(fault):
        reader.follow(tmp_path / "page.md")


def test_three_dots_stand_for_any_lines_and_for_nothing_else(reader: Reader, tmp_path: Path) -> None:
    (tmp_path / "page.md").write_text("```python\nprint('one\\ntwo\\nthree')\n```\n\n```\none\n...\nthree\n```\n")
    reader.follow(tmp_path / "page.md")

    (tmp_path / "page.md").write_text("```python\nprint('one\\ntwo\\nthree')\n```\n\n```\n...\ntwo\n```\n")
    with pytest.raises(AssertionError, match=r"page\.md, line 5"):
        reader.follow(tmp_path / "page.md")


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_to_a_file_and_a_heading_that_are_there(page: Path) -> None:
    broken = []
    text = re.sub(r"`[^`\n]*`", "", page.read_text(encoding="utf-8"))
    for target in (first or second for first, second in LINK.findall(text)):
        name, _, heading = target.partition("#")
        if ":" in name:
            continue
        place = (page.parent / name) if name else page
        if not place.exists() or (heading and heading not in headings(place)):
            broken.append(target)

    assert broken == []


def headings(page: Path) -> set[str]:
    """The names under which the headings of a page are linked to."""
    lines = re.findall(r"^#+ (.*)$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lower()).strip().replace(" ", "-") for line in lines}


def test_every_page_is_in_the_index() -> None:
    index = (DOCS / "README.md").read_text(encoding="utf-8")
    linked = {target for target, _ in LINK.findall(index)}

    there = {path.name for path in (*DOCS.glob("*.md"), *DOCS.glob("*.ipynb"))} - {"README.md"}

    assert there - linked == set()


def test_nobody_is_called_he_on_a_page() -> None:
    said = {
        page.name: re.findall(r"(?i)\b(?:he|him|his|she|her)\b", page.read_text(encoding="utf-8")) for page in PAGES
    }

    assert {name: words for name, words in said.items() if words} == {}


def test_a_block_with_a_name_is_a_file_that_the_reader_makes() -> None:
    (block,) = blocks("```csv mine.csv\na,b\n```\n")

    assert not isinstance(block, str)
    assert (block.language, block.name, block.text) == ("csv", "mine.csv", "a,b\n")
