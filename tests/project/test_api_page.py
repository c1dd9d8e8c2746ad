"""docs/api.md is what the signatures and docstrings say; `python tests/project/test_api_page.py` writes it again."""

from __future__ import annotations

import inspect
import textwrap
from collections.abc import Iterable
from pathlib import Path

from predictions import Ledger
from predictions.cli import MORE, SECTIONS, VERBS
from predictions.render.result import Result
from predictions.views.claim.card import ClaimCard
from predictions.views.scorecard.card import Scorecard

PAGE = Path(__file__).parents[2] / "docs" / "api.md"
TYPED_ONLY = {"init"}
HEAD = """\
# The Python interface

Made of the signatures and docstrings by `tests/project/test_api_page.py`; in a notebook, Shift+Tab shows what each
argument is. The verbs stand in the groups of `predictions -h`, and are typed by the same names and keywords.

```python
from predictions import Ledger

ledger = Ledger("pundits.db", me="ed")  # opens the file, or creates it; read_only=True leaves it as it is
```

A verb that writes returns a receipt: the slug of what was recorded, taken wherever a slug is wanted. One that reads
returns a result that shows itself. `as_of` asks what was known then, `today` what the day of the world is. What is
refused raises `LedgerError` or one of its children, in one sentence, and nothing was written.
"""


def first_line(thing: object) -> str:
    """The first sentence of a docstring."""
    return " ".join((inspect.getdoc(thing) or "").split("\n\n")[0].split())


def signature(name: str, function: object) -> str:
    """A call with its keywords and their defaults, without types, in lines of 100."""
    target = function.fget if isinstance(function, property) else function
    if isinstance(function, property):
        return name
    plain = [
        parameter.replace(annotation=inspect.Parameter.empty)
        for parameter in list(inspect.signature(target).parameters.values())[1:]  # type: ignore[arg-type]  # a function
    ]
    text = f"{name}({', '.join(map(str, _starred(plain)))})"
    return "\n".join(textwrap.wrap(text, 100, subsequent_indent=" " * (len(name) + 1), break_long_words=False))


def _starred(parameters: Iterable[inspect.Parameter]) -> Iterable[object]:
    starred = False
    for parameter in parameters:
        starred |= parameter.kind is parameter.VAR_POSITIONAL
        if parameter.kind is parameter.KEYWORD_ONLY and not starred:
            starred = True
            yield "*"
        yield parameter


def public(cls: type) -> dict[str, object]:
    """What a class offers by name: methods and properties that have a docstring, in the order of their lines."""
    return {
        name: thing
        for name, thing in vars(cls).items()
        if not name.startswith("_") and (inspect.isfunction(thing) or isinstance(thing, property)) and thing.__doc__
    }


def listed(lead: str, named: dict[str, object]) -> list[str]:
    """A block of calls, each below what it does."""
    lines = ["", "```python"]
    for name, thing in named.items():
        lines += [f"# {line}" for line in textwrap.wrap(first_line(thing), 110)]
        lines += [signature(f"{lead}{name}", thing), ""]
    return [*lines[:-1], "```"]


def page() -> str:
    """The page as it should be."""
    verbs = public(Ledger)
    groups = {title: [verb.replace("-", "_") for verb in section] for title, section in SECTIONS.items()}
    groups["More"] = sorted({verb.replace("-", "_") for verb in MORE} - TYPED_ONLY)
    told = {name for group in groups.values() for name in group}
    groups["In Python only"] = [name for name in verbs if name not in told]
    lines = [HEAD.rstrip()]
    for title, names in groups.items():
        lines += ["", f"## {title}", *listed("ledger.", {name: verbs[name] for name in names})]
    for title, cls, lead in (("Results", Result, "result."), ("A scorecard", Scorecard, "card."),
                             ("A claim card", ClaimCard, "ledger[slug].")):  # fmt: skip
        own = {name: thing for name, thing in public(cls).items() if name not in {"blocks", "saying"}}
        shared = {} if cls is Result else public(Result)
        lines += ["", f"## {title}", *listed(lead, {name: own[name] for name in own if name not in shared})]
    return "\n".join(lines) + "\n"


def test_the_page_of_the_python_interface_is_what_the_docstrings_say() -> None:
    assert PAGE.read_text("utf-8") == page(), "write it again: python tests/project/test_api_page.py"


def test_every_verb_stands_on_the_page_once() -> None:
    text = PAGE.read_text("utf-8")

    for verb in {verb.replace("-", "_") for verb in VERBS} - TYPED_ONLY:
        assert text.count(f"\nledger.{verb}(") == 1, verb


if __name__ == "__main__":
    PAGE.write_text(page(), "utf-8")
