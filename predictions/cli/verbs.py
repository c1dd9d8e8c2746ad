"""Build the command of each verb: it calls the method of `Ledger` with its name and prints the result."""

from __future__ import annotations

import sys
from collections.abc import Callable, Mapping
from typing import Any

import click

import predictions
from predictions.cli import special
from predictions.cli.docstrings import read_docstring
from predictions.cli.errors import Verb
from predictions.cli.options import options_of, values_of
from predictions.cli.session import Session, show

# Verbs that may begin a ledger, and verbs that write; all others open it for reading only.
CREATES = frozenset({"add", "quote", "import_from"})
WRITES = CREATES | {
    "forecast", "log_evidence", "resolve", "correct", "withdraw", "retract", "supersede", "merge"
}  # fmt: skip
EXAMPLES = {
    "add": [
        'predictions add "Our release ships" --deadline 2027-06-30 -p 70%',
        'predictions add "Who leads?" --deadline 2027 --options openai,google,other \\',
        "    -p openai=40% -p google=40% -p other=20%",
    ],
    "quote": [
        'predictions quote "Tech Oracle" "GPT-6 will be out this year" --words will \\',
        "    --deadline 2026 --said-on 2026-01-05 --link https://oracle.example/outlook",
    ],
    "forecast": ['predictions forecast our-release 50% --note "two weeks lost"'],
    "log_evidence": [
        'predictions log-evidence exec-defections https://... "One more joins" \\',
        "    --on 2026-11-20 --counts one-more",
    ],
    "resolve": [
        "predictions resolve our-release yes --happened-on 2027-06-20 --because URL",
        "predictions resolve our-release no",
    ],
    "correct": ['predictions correct our-release --set text="Our release ships to all"'],
    "supersede": ['predictions supersede gpt-6 --set deadline=2027 --reason "a year later"'],
    "import_from": ["predictions import-from table predictions.csv --dry-run"],
    "export": ["predictions export table predictions.csv", "predictions export sqlite copy.db"],
}
SPECIAL: Mapping[str, Callable[[Session, bool, dict[str, Any]], None]] = {
    "correct": special.correct, "supersede": special.supersede, "due": special.due, "import_from": special.import_from,
    "head": special.head, "keygen": special.keygen, "prove": special.prove, "verify": special.verify,
}  # fmt: skip


def command_of(name: str) -> click.Command:
    """Build the command for a verb, with its help and options from the method's docstring and signature."""
    if name == "init":
        return special.init
    verb = name.replace("-", "_")
    described = read_docstring(getattr(predictions.Ledger, verb).__doc__)
    examples = "\n\n\b\n" + "\n".join(EXAMPLES[verb]) if verb in EXAMPLES else ""
    options = options_of(verb, described)
    if verb == "due":
        options.append(special.walk)
    options.append(click.Option(["--json", "as_json"], is_flag=True, help="Print JSON."))
    return Verb(
        name, params=options, help=f"{described.description}{examples}", callback=_callback(verb),
        short_help=described.description.split("\n\n")[0],
    )  # fmt: skip


def _callback(verb: str) -> Callable[..., None]:
    """Return the function that click calls with what was typed for the verb."""

    @click.pass_obj
    def run(session: Session, /, *, as_json: bool, **typed: Any) -> None:
        """Open the ledger, call the method, and print what it returns."""
        if verb in SPECIAL:
            SPECIAL[verb](session, as_json, typed)
            return
        positional, keywords = values_of(verb, typed)
        if verb == "report" and sys.stderr is not None and sys.stderr.isatty():
            keywords["progress"] = _progress
        is_ledgerless = keywords.get("template") and session.begins  # an empty table can be had before any ledger
        opened = session.open(create=verb in CREATES, read_only=verb not in WRITES)
        with session.scratch() if is_ledgerless else opened as ledger:
            result = getattr(ledger, verb)(*positional, **keywords)
        show(result, as_json=as_json)

    return run


def _progress(done: int, of: int) -> None:
    """Overwrite one line of the terminal with how far the report is; end the line with the last statement."""
    click.echo(f"\rstatement {done:,} of {of:,}", nl=done >= of, err=True)
