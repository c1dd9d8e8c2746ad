"""The command line: ``predictions [--ledger FILE] [--me NAME] VERB``, with the ledger's own verbs, hyphens and all."""

from __future__ import annotations

import gc
import os
import signal
import sys
import textwrap
from collections.abc import Sequence
from contextlib import suppress

import click
from click.shell_completion import CompletionItem

from predictions.cli.errors import plain_errors
from predictions.cli.messages import as_typed
from predictions.enums import PLATFORMS
from predictions.errors import short_repr
from predictions.other_verbs import led_on

SECTIONS = {
    "Record": {
        "add": "A prediction of your own: what, until when, how likely.",
        "quote": "What somebody else predicted: who, what, when and where.",
        "forecast": "How likely a claim is, by you or another: 35%.",
        "log-evidence": "A link, and what it says about a claim.",
        "import-from": "A spreadsheet, a platform's export, a catalogue.",
    },
    "Decide": {
        "due": "What waits for a verdict, and the line to type.",
        "resolve": "How it came out: yes, no, an option, a value, annulled.",
        "correct": "Put a slip right; what stood there stays on file.",
    },
    "Look": {
        "board": "Every statement, and where it stands.",
        "claim": "One claim: words, criteria, evidence, forecasts, verdict.",
        "scorecard": "Who was right, and how far that can be trusted.",
    },
    "Share": {
        "report": "One page of HTML, to send or to publish.",
        "export": "A table, csv, sqlite, parquet, calendar, datasette, ...",
    },
    "Trust": {
        "verify": "Recompute every hash; hold an earlier head against it.",
        "backup": "Copy the ledger, verified whole.",
    },
}
MORE = (
    "compare", "diff", "explain", "head", "history", "init", "keygen", "leaderboard", "merge", "prove", "redact",
    "retract", "scales", "supersede", "withdraw",
)  # fmt: skip
TABLES = (".csv", ".tsv", ".xlsx", ".json", ".md", ".parquet")
VERBS = (*(verb for section in SECTIONS.values() for verb in section), *MORE)
HELP = """Usage: predictions [--ledger FILE] [--me NAME] VERB ...

  Who predicted what, on which evidence, and who was right.

    predictions add "Our release ships" --deadline 2027-06-30 -p 70%
    predictions quote "Tech Oracle" "GPT-6 will be out this year" \\
        --words will --deadline 2026 --said-on 2026-01-05 --link https://...
    predictions import-from table predictions.xlsx

  VERB -h shows its options. Nothing recorded is ever changed or deleted.
"""
OPTIONS = """
Options:
  --ledger FILE  The ledger; PREDICTIONS_LEDGER, else predictions.db.
  --me NAME      Who records and forecasts; PREDICTIONS_ME unless given.
  --version, -h"""


class Verbs(click.Group):
    """The group of verbs; each command is built only when it is needed, since building them all takes long."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the name of every verb, in the order of the help."""
        return list(VERBS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """Return the command of that name; None if there is no such verb."""
        if cmd_name not in VERBS:
            return None
        from predictions.cli.verbs import command_of

        return command_of(cmd_name)

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the help: the verbs in groups, the rare ones by name only, then the options."""
        formatter.write(HELP)
        for title, section in SECTIONS.items():
            formatter.write(f"\n{title}:\n")
            for verb, summary in section.items():
                formatter.write(f"  {verb:13} {summary}\n")
        more = textwrap.fill(f"More: {' '.join(MORE)}", 78, subsequent_indent=" " * 6)
        formatter.write(f"\n{more}\n{OPTIONS}\n")

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the options that were typed before the verb."""
        with plain_errors():
            return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the verb that was typed; for an unknown one the error names the verb that was probably meant."""
        word = args[0] if args else ""
        if word and word not in VERBS and not word.startswith("-"):
            ctx.fail(no_verb(word, args[1:]))
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the verb; if there is none, sum up the ledger."""
        with plain_errors():
            answer = super().invoke(ctx)
            if ctx.invoked_subcommand is None:
                from predictions.cli.special import show_summary

                show_summary(ctx.obj)
            return answer


def no_verb(word: str, rest: Sequence[str]) -> str:
    """Return the message for an unknown verb, with the line that was probably meant.

    Args:
        word: What was typed in place of a verb.
        rest: The words after it, which are filled into the suggested line.
    """
    unknown = f"no verb {short_repr(word)}"
    message, _, _ = led_on(word, VERBS, unknown).partition(", in Python: ")
    if word == "help" and rest and rest[0] in VERBS:
        return f"{unknown}; say: predictions {rest[0]} -h"
    if rest and rest[0].lower().endswith(TABLES):
        message = message.replace('"catalog", FILE', f'"table", {rest[0]!r}')
    if len(rest) > 1 and rest[0] in ("table", *PLATFORMS):
        message = message.replace('"catalog", FILE', f"{rest[0]!r}, {rest[1]!r}")
    if word.replace("_", "-") in VERBS:
        message = f"{unknown}; did you mean {word.replace('_', '-')!r}?"
    return as_typed(message if message != unknown else f"{unknown}; all are listed by: predictions -h")


def _version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
    """Print the version and end, if --version was typed; completion of a half-typed line (resilient) prints nothing."""
    if wanted and not ctx.resilient_parsing:
        from importlib.metadata import PackageNotFoundError, version

        try:
            click.echo(f"prediction-ledger {version('prediction-ledger')}")
        except PackageNotFoundError:
            click.echo("prediction-ledger, not installed: run from its source")
        ctx.exit()


@click.group(
    cls=Verbs,
    invoke_without_command=True,
    subcommand_metavar="VERB ...",
    options_metavar="[--ledger FILE] [--me NAME]",
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 80},
)
@click.option(
    "--ledger", "path", metavar="FILE", envvar="PREDICTIONS_LEDGER", default="predictions.db",
    shell_complete=lambda _ctx, _parameter, begun: [CompletionItem(begun, type="file")],
    help="The ledger; predictions.db, or PREDICTIONS_LEDGER, unless given.",
)  # fmt: skip
@click.option(
    "--me", metavar="NAME", envvar="PREDICTIONS_ME", help="Who records and forecasts; PREDICTIONS_ME unless given."
)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_version, help="Print the version."
)
@click.pass_context
def cli(ctx: click.Context, path: str, me: str | None) -> None:
    """Keep who predicted what, on which evidence, and who was right."""
    from predictions.cli.session import Session

    ctx.obj = Session(path, me)


def main() -> None:
    """Run the console command; characters that the terminal cannot show are replaced."""
    gc.set_threshold(100_000)  # objects of loaded libraries last to the end: collecting them finds little
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")
    for name in ("SIGTERM", "SIGHUP"):  # exit by an exception, so that a verb undoes what it has begun
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, lambda received, _frame: sys.exit(128 + received))
    try:
        cli(prog_name="predictions")
    except SystemExit as ended:
        _leave(ended.code)


def _leave(code: object) -> None:
    """End the process at once: tearing down the loaded libraries would take a short verb a sixth of its time."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, AttributeError):  # closed or broken: nothing more can be printed
            stream.flush()
    os._exit(code if isinstance(code, int) else 0)
