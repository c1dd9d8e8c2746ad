"""Text that would do harm if a page, a terminal or a notebook took it for more than text."""

from __future__ import annotations

from predictions import Ledger

HOSTILE = (
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "</title></style></script><!--<svg onload=alert(1)></svg>",
    "<svg onload=alert(1)><rect/></svg>",
    "{{ 7*7 }}{% for x in y %}{# note #}",
    "[x](javascript:alert(1)) ![](http://example.invalid/x.png)",
    '"\'><a href="javascript:alert(1)">x</a>',
    "&lt;b&gt; &#60;script&#62;",
    "=cmd|' /C calc'!A0",
    "`alert(1)` <iframe srcdoc='<script>alert(1)</script>'>",
)
LIVE = ("<script>alert", "<img", "<svg onload", '<a href="javascript', "<iframe", ">49<")


def hostile_ledger(ledger: Ledger) -> list[str]:
    """Every field that takes text is given hostile text; the claims' slugs."""
    slugs = []
    for number, text in enumerate(HOSTILE):
        slug = ledger.add(
            f"{text} {number}", deadline="2026-04-10", slug=f"hostile-{number}", title=text, criteria=text, note=text,
            at_least=1, conditions={"seen": text},
        )  # fmt: skip
        ledger.forecast(slug, 0.5, note=text)
        link = f"https://example.org/{number}?a=1&lt;b&q=javascript:alert(1)#%22onclick"
        ledger.log_evidence(
            slug, link, text, counts=f"event-{number}", on="2026-01-01",
            publisher=text, excerpt=text, why=text, slug=f"evidence-{number}",
        )  # fmt: skip
        slugs.append(slug)
    return slugs
