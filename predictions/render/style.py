"""The style sheet of results in a notebook, which touches nothing else on the page.

Text has the colours of the notebook, so that it looks right on light and dark; chips have their own text and ground.
Every rule has the weight of an id (``:not(#_)``) and starts from the browser's own style, so that no style of the
notebook changes a result.
"""

from __future__ import annotations

from predictions.render.charts.svg import COLOURS, GUTTER

_CHIPS = {
    "#0a6b4f": ("yes", "resolved", "supports"),
    "#174f94": ("open",),
    "#8a4b00": ("due", "near-miss"),
    "#9b2335": ("overdue", "opposes", "retracted"),
    "#565a61": ("no", "ambiguous", "annulled", "context", "base-rate"),
}
_LINE = "inset 0 -1px rgba(128,128,128,.35)"  # a shadow: VS Code takes every border off a table
_RULES = {
    "": "max-width:68em;font-size:14px;line-height:1.45;overflow-wrap:anywhere",
    ":is(h4,h5,p,blockquote,dl,dt,dd,table,caption,thead,tbody,tr,th,td,ul,ol,li,figure,details,summary,small,code,pre,"
    "a)": "all:revert",
    "a": "color:var(--jp-content-link-color,var(--vscode-textLink-foreground,LinkText))",
    "h4": "margin:1em 0 .35em;font-size:1.08em;line-height:1.3",
    "h5": "margin:.9em 0 .2em;font-size:1em;line-height:1.3",
    ":is(h4,h5) small": "display:inline-block;font-weight:400;opacity:.75;margin-left:.6em",
    "p": "margin:.3em 0",
    "blockquote": "margin:.5em 0;padding:0 0 0 .9em;border-left:3px solid #4a86c8;font-size:1.03em;font-style:normal",
    ".pairs": "display:grid;grid-template-columns:max-content minmax(0,1fr);gap:.15em 1em;margin:.35em 0 .6em",
    "dl": "display:contents",
    "dt": "grid-column:1;font-weight:400;opacity:.75",
    "dd": "grid-column:2;margin:0",
    "table": "display:block;overflow:auto hidden;overflow-wrap:normal;border-collapse:collapse;margin:.6em 0;"
    "font-size:.95em;font-variant-numeric:tabular-nums",
    "caption": "display:block;text-align:left;padding:0 0 .3em;font-size:.93em",
    ".lead": "margin-top:1em",
    ".indented": "padding-left:1.2em",
    ".along": "display:none",  # words of a drawing, seen only if the host drops drawings and styles
    ":is(th,td)": f"padding:.3em .9em .3em 0;vertical-align:top;max-width:29em;text-align:left;box-shadow:{_LINE}",
    ".listing": "max-height:56em;overflow:auto",
    ".listing :is(th,td)": "padding:.05em .9em .05em 0",
    ".listing tbody+tbody th": "padding-top:.8em",
    "pre": "margin:.2em 0;padding-left:1.2em;white-space:pre-wrap;overflow-wrap:anywhere",
    "code": "font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.93em",
    "figure": "display:block!important;margin:.7em 0",  # it is hidden without this style
    "svg": "max-width:100%;height:auto;overflow:visible",
    "svg[data-gutter]": f"padding-left:{GUTTER}px;box-sizing:border-box",
    "details": "margin:.5em 0;padding:.35em 0 0;border-top:1px solid rgba(128,128,128,.35)",
    "summary": "cursor:pointer;font-weight:600",
    ".chip": "display:inline-block;padding:0 .55em;border-radius:.8em;font-size:.82em;font-weight:600;line-height:1.6;"
    "color:#fff;background:#565a61",
    ".bar": "height:6px;border-radius:3px;background:rgba(128,128,128,.3);overflow:hidden;max-width:41em",
    ".bar i": "display:block;height:6px;background:#4a86c8",
    ".window": "display:flex;justify-content:space-between;gap:1em;max-width:46.6em;font-size:.88em;opacity:.8",
    ".entry": "margin:.6em 0 .2em",
    ".entry h5": "margin:.5em 0 .2em",
    ".item": "display:grid;grid-template-columns:6.5em minmax(0,1fr);gap:0 .8em;padding:.4em 0;"
    "border-bottom:1px solid rgba(128,128,128,.35)",
    ".item p": "margin:.1em 0",
    "p:has(+.entry)": "margin-top:1.1em;padding-top:.6em;border-top:1px solid rgba(128,128,128,.35);font-size:1.03em",
    "time": "white-space:nowrap",
    ".quiet": "opacity:.75;font-size:.92em",
    ".listing tr:has(+.note) td": "box-shadow:none",
    ".redacted": "position:sticky;top:0;z-index:1;padding:.4em .9em;background:#9b2335;color:#fff;font-weight:600",
}
_RULES |= {  # a name in the colour of its line would be hard to read, so the colour is mixed with that of the text
    f"svg [data-s=s{number}]": f"fill:color-mix(in srgb,{colour} 55%,currentColor)"
    for number, colour in enumerate(COLOURS)
}
_RULES |= {f".chip:is(.{',.'.join(kinds)})": f"background:{colour}" for colour, kinds in _CHIPS.items()}
STYLE = "".join(f"{f'.predictions:not(#_) {name}'.rstrip()}{{{rule}}}" for name, rule in _RULES.items())
