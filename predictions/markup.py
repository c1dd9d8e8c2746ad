"""The look of results in a notebook: one scoped style, chips and bars; whatever is given is escaped already.

Text takes the notebook's own colours, so light and dark look right; chips bring both of theirs.
"""

from __future__ import annotations

_CHIPS = {
    "#0a6b4f": ("yes", "resolved", "supports"),
    "#174f94": ("open",),
    "#8a4b00": ("due", "near-miss"),
    "#9b2335": ("overdue", "opposes", "retracted"),
    "#565a61": ("no", "ambiguous", "annulled", "context", "base-rate"),
}
_RULES = {
    "": "max-width:60rem;font-size:14px;line-height:1.45;overflow-wrap:anywhere",
    "h4": "margin:1em 0 .35em;font-size:1.08em;line-height:1.3",
    "h5": "margin:.5em 0 .2em;font-size:1em;line-height:1.3",
    "h4 small": "font-weight:400;opacity:.75;margin-left:.6em",
    "p": "margin:.3em 0",
    "blockquote": "margin:.5em 0;padding:0 0 0 .9em;border-left:3px solid #4a86c8;font-size:1.03em;font-style:normal",
    "dl": "display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.15em 1em;margin:.35em 0 .6em",
    "dt": "grid-column:1;font-weight:400;opacity:.75",
    "dd": "grid-column:2;margin:0",
    "table": "border-collapse:collapse;margin:.6em 0;font-size:.95em;font-variant-numeric:tabular-nums",
    "caption": "caption-side:top;text-align:left;opacity:.75;padding:0 0 .3em;font-size:.93em",
    "th,.predictions td": "padding:.3em .9em .3em 0;vertical-align:top;max-width:24rem;white-space:normal",
    "tr": "border-bottom:1px solid rgba(128,128,128,.35)",
    "figure": "margin:.7em 0",
    "svg": "max-width:100%;overflow:visible",
    "details": "margin:.5em 0;padding:.35em 0 0;border-top:1px solid rgba(128,128,128,.35)",
    "summary": "cursor:pointer;font-weight:600",
    ".chip": "display:inline-block;padding:0 .55em;border-radius:99px;font-size:.82em;font-weight:600;line-height:1.6;"
    "white-space:nowrap;color:#fff;background:#565a61",
    ".bar": "height:6px;border-radius:3px;background:rgba(128,128,128,.3);overflow:hidden;max-width:36rem",
    ".bar i": "display:block;height:6px;background:#4a86c8",
    ".window": "display:flex;justify-content:space-between;gap:1em;max-width:36rem;font-size:.88em;opacity:.8",
    ".entry": "margin:.6em 0 .2em",
    ".item": "display:grid;grid-template-columns:6.5em minmax(0,1fr);gap:0 .8em;padding:.4em 0;"
    "border-bottom:1px solid rgba(128,128,128,.35)",
    ".item p": "margin:.1em 0",
    "p:has(+.entry)": "margin-top:1.1em;padding-top:.6em;border-top:1px solid rgba(128,128,128,.35);font-size:1.03em",
    ".quiet": "opacity:.75;font-size:.92em",
}
STYLE = "".join(
    [
        *(f"{f'.predictions {name}'.rstrip()}{{{rule}}}" for name, rule in _RULES.items()),
        *(
            f"{','.join(f'.predictions .chip.{kind}' for kind in kinds)}{{background:{colour}}}"
            for colour, kinds in _CHIPS.items()
        ),
    ]
)


def scoped(body: str) -> str:
    """A result with its style, which reaches nothing else on the page."""
    return f'<div class="predictions"><style>{STYLE}</style>{body}</div>'


def chip(text: str, look: str) -> str:
    return f'<span class="chip {look}">{text}</span>'


def bar(share: float) -> str:
    """How much of a whole is past."""
    return f'<div class="bar"><i style="width:{100 * min(max(share, 0.0), 1.0):.0f}%"></i></div>'


def window(dates: str, left: str) -> str:
    return f'<div class="window"><span>{dates}</span><span>{left}</span></div>'


def entry(name: str, mark: str, below: str) -> str:
    """One line of a list: its name, its chip, and what lies under them."""
    return f'<div class="entry"><h5>{name} {mark}</h5>{below}</div>'


def item(day: str, mark: str, aside: str, link: str, notes: str) -> str:
    """One piece of evidence: its day to the left, the rest beside it."""
    about = f'<p>{mark} {link}</p><p class="quiet">{aside}</p>'
    return f'<div class="item"><div class="quiet">{day}</div><div>{about}{notes}</div></div>'


def folded(summary: str, body: str, *, is_open: bool) -> str:
    return f"<details{' open' * is_open}><summary>{summary}</summary>{body}</details>"
