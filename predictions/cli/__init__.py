"""The command line: ``predictions [--ledger FILE] [--me NAME] VERB``, with the ledger's own verbs, hyphens and all."""

from __future__ import annotations

import gc
import os
import signal
import sys
from contextlib import suppress
from importlib import import_module

import click

from predictions.cli.errors import plain_errors
from predictions.cli.session import Session
from predictions.errors import did_you_mean, short_repr

SECTIONS = {
    "Start": {"init": "record", "register": "record", "add": "record", "quote": "record",
              "import-from": "exchange"},
    "Look": {
        "board": "read", "claim": "read", "tally": "read", "readings": "read", "due": "read",
        "history": "read", "scorecard": "read", "versus": "publish", "explain": "publish", "diff": "publish",
    },
    "Show": {"report": "publish", "export": "publish", "datasette-metadata": "publish"},
    "Record": {
        "log-evidence": "evidence", "bear": "evidence", "retract": "evidence", "forecast": "record",
        "withdraw": "record", "resolve": "resolve", "annul": "resolve", "correct": "resolve",
    },
    "Trust": {
        "verify": "read", "head": "read", "prove": "trust", "compare": "trust", "keygen": "trust", "backup": "trust",
        "merge": "trust", "redact": "trust",
    },
    "Many at once": {"import-forecasts": "bulk", "import-resolutions": "bulk", "export-parquet": "bulk"},
}  # fmt: skip
HOME = {verb: module for section in SECTIONS.values() for verb, module in section.items()}


class Verbs(click.Group):
    """The verbs, each loaded when it is called for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Every verb, in the order of the help."""
        return list(HOME)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The verb of that name."""
        if cmd_name not in HOME:
            return None
        verb = getattr(import_module(f"predictions.cli.{HOME[cmd_name]}"), cmd_name.replace("-", "_"))
        return verb if isinstance(verb, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The verbs by what they are for, each with its first sentence."""
        for title, section in SECTIONS.items():
            verbs = [(name, self.get_command(ctx, name)) for name in section]
            with formatter.section(title):
                formatter.write_dl([(name, verb.get_short_help_str(200)) for name, verb in verbs if verb])

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Read what was typed before the verb."""
        with plain_errors():
            return super().parse_args(ctx, args)

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """The verb that was typed; a near miss is told what is near."""
        if args and args[0] not in HOME and not args[0].startswith("-"):
            ctx.fail(f"no verb {short_repr(args[0])}{did_you_mean(args[0], list(HOME))}")
        return super().resolve_command(ctx, args)

    def invoke(self, ctx: click.Context) -> object:
        """Run the verb; without one, sum up the ledger."""
        with plain_errors():
            found = super().invoke(ctx)
            if ctx.invoked_subcommand is None:
                from predictions.cli.bare import show_summary

                show_summary(ctx, ctx.obj)
            return found


def _version(ctx: click.Context, _parameter: click.Parameter, wanted: bool) -> None:
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
    """Keep track of what was predicted, and of who was right.

    `predictions init ainews` makes a ledger of four predictions to look at, `predictions add "..." --deadline DAY`
    records your own. VERB -h tells a verb's options. Nothing recorded is ever changed or deleted.
    """
    ctx.obj = Session(path, me)


def main() -> None:
    """The console command: nothing it prints can fail for want of a character."""
    gc.set_threshold(100_000)  # loading a library makes much that lasts, and little to collect
    for stream in (sys.stdout, sys.stderr):
        reconfigure = getattr(stream, "reconfigure", None)
        if reconfigure:
            reconfigure(errors="replace")
    for name in ("SIGTERM", "SIGHUP"):  # ended by a signal, a verb undoes what it had begun
        number = getattr(signal, name, None)
        if number is not None and signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, lambda received, _frame: sys.exit(128 + received))
    try:
        cli(prog_name="predictions")
    except SystemExit as ended:
        _leave(ended.code)


def _leave(code: object) -> None:
    """End at once: taking the loaded libraries apart first would cost a short verb a sixth of its time."""
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, AttributeError):  # closed, or broken: then everything was said that could be
            stream.flush()
    os._exit(code if isinstance(code, int) else 0)
