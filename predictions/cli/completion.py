"""What a shell completes: slugs of claims, forecasters, words that an argument takes, and files."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import suppress

import click
from click.shell_completion import CompletionItem

from predictions.enums import ClaimType, ForecasterKind
from predictions.errors import LedgerError
from predictions.ledger import Ledger

CLAIMS = frozenset({"claim", "claims", "given", "what", "slug"})
NAMES_OF_FORECASTERS = frozenset({"by", "a", "b", "group"})
FILES = frozenset({"file", "files", "head", "key", "sign", "proof", "other", "to"})
Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]


def complete(verb: str, name: str, *, option: bool) -> Completer | None:
    """Return what completes an argument or *option* of that name; None where nothing does."""
    if name in FILES:
        return lambda _ctx, _parameter, begun: [CompletionItem(begun, type="file")]
    if name == "slug" and option:  # the name of what is new
        return None
    if name == "outcome":
        return lambda ctx, _parameter, begun: _beginning(_outcome_words(ctx), begun)
    if (verb, name) in {("import_from", "format"), ("export", "what")} or name in {"status", "type", "kind"}:
        return lambda _ctx, _parameter, begun: _beginning(_taken_by(verb, name), begun)
    if name in CLAIMS | NAMES_OF_FORECASTERS:
        return lambda ctx, _parameter, begun: _beginning(_on_file(ctx, forecasters=name in NAMES_OF_FORECASTERS), begun)
    return None


def _taken_by(verb: str, name: str) -> Iterable[str]:
    """Name what an argument takes; looked up when a shell asks, because the lists load much."""
    if name == "format":
        from predictions.exchange.formats import FORMATS

        return FORMATS
    if verb == "export":
        from predictions.export import formats

        return formats.FORMATS
    if name == "status":
        from predictions.views.board.filter import STATUSES

        return STATUSES
    return {"type": ClaimType, "kind": ForecasterKind}[name]


def _outcome_words(ctx: click.Context) -> list[str]:
    """Return how the claim that was typed may come out."""
    path, claim = ctx.find_root().params.get("path") or "", str(ctx.params.get("claim"))
    words: Iterable[str] = ("yes", "no")
    with suppress(LedgerError), Ledger(path, create=False, read_only=True) as ledger:
        asked = ledger.claim(claim).claim
        words = () if asked.type is ClaimType.NUMBER else asked.options or words
    return [*words, "ambiguous", "annulled"]


def _on_file(ctx: click.Context, *, forecasters: bool) -> list[str]:
    """Return the slugs on file; a ledger that cannot be read completes nothing."""
    path = ctx.find_root().params.get("path") or ""
    try:
        with Ledger(path, create=False, read_only=True) as ledger:
            return ledger.forecasters if forecasters else ledger._ipython_key_completions_()
    except LedgerError:
        return []


def _beginning(words: Iterable[str], begun: str) -> list[CompletionItem]:
    return [CompletionItem(str(word)) for word in words if str(word).startswith(begun.lower())]
