"""Lay out blocks as HTML for a notebook, with all text escaped and a style that touches nothing else.

A host (Jupyter, a mail program) can drop the style and every drawing but keep their text. So words are separated by
spaces in the HTML itself, never by the style alone.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape
from typing import Literal
from urllib.parse import urlsplit

from predictions.invisible import visible
from predictions.render.blocks import (
    Block,
    Entry,
    Folded,
    Heading,
    Hint,
    Item,
    Lead,
    Listing,
    Notice,
    Pairs,
    Paragraph,
    Picture,
    Quote,
    Reference,
    Sketch,
    Table,
)
from predictions.render.columns import Cut
from predictions.render.right_to_left import FROM_RIGHT
from predictions.render.style import STYLE
from predictions.render.text import link_text

MANY = 24  # rows of a table; one with more is folded
MOST = 200  # rows of a listing: some 60 kB
OPEN = 4  # blocks of a group; one with more is folded
_ISO_DAY = re.compile(r"\b\d{4}-\d\d(?:-\d\d)?\b(?!-)")
_WIDE_GAP = re.compile(r"(?<=\S) {2,}(?=\S)")
_LEAD = re.compile(r"^[A-Z][A-Z, ]+[A-Z](?=\N{EM SPACE}|$)")  # a heading in capitals, as in "RANKING  none yet"
_TEXT_IN_SVG = re.compile(r"<(title|desc|text)\b[^>]*>(.*?)</\1>", re.DOTALL)


def as_html(blocks: Sequence[Block]) -> str:
    """Return the blocks as HTML with its style; all text escaped, only http and https links are links.

    The style touches nothing else on the page, and dollars do not set TeX.
    """
    body = "\n".join(map(_html, blocks))
    return f'<div class="predictions tex2jax_ignore mathjax_ignore"><style>{STYLE}</style>{body}</div>'


def spaced(escaped: str) -> str:
    """Keep days from being broken at a hyphen, and turn several spaces within a line into one wide space.

    A name written from right to left is isolated, so that figures after it keep their place. *escaped* is text whose
    markup is escaped already.

    >>> spaced("RANKING  none on 2026-03-31")
    'RANKING\\u2003none on <time>2026-03-31</time>'
    """
    escaped = FROM_RIGHT.sub(r"<bdi>\g<0></bdi>", escaped)
    return _WIDE_GAP.sub("\N{EM SPACE}", _ISO_DAY.sub(r"<time>\g<0></time>", escaped))


def chip(text: str, look: str) -> str:
    """Return a short text on a coloured ground; *look* is the class that gives the colour."""
    return f'<span class="chip {look}">{text}</span> '


def bar(share: float) -> str:
    """Draw a bar for the share of a window that is past, from 0 to 1."""
    return f'<div class="bar"><i style="width:{100 * min(max(share, 0.0), 1.0):.0f}%"></i></div>'


def labelled_lists(pairs: Sequence[tuple[str, str]]) -> str:
    """Write labels with their texts, each in a list of its own: some hosts float labels, and these would overlap."""
    lists = "\n".join(f"<dl><dt>{label}</dt> <dd>{text}</dd></dl>" for label, text in pairs)
    return f'<div class="pairs">{lists}</div>'


def window_bar(dates: str, left: str) -> str:
    """Return the line below a bar: the days of the window, and how many are left."""
    return f'<div class="window"><span>{dates}</span> <span>{left}</span></div>'


def list_line(name: str, mark: str, below: str) -> str:
    """Return one entry of a list: its name, its chip, and what is *below* them."""
    return f'<div class="entry"><h5>{name} {mark}</h5>\n{below}</div>'


def item(day: str, mark: str, aside: str, link: str, notes: str) -> str:
    """Return one piece of evidence: its day to the left, the rest beside it."""
    about = f'<p>{mark}{link}</p> <p class="quiet">{aside}</p>'
    return f'<div class="item"><div class="quiet">{day}</div> <div>{about}{notes}</div></div>'


def folded(summary: str, body: str, *, is_open: bool) -> str:
    """Return a body that a reader can open and close at its summary."""
    return f"<details{' open' if is_open else ''}><summary>{summary}</summary>{body}</details>"


def chart(svg: str) -> str:
    """Return a drawing below a sentence with all its words, since a host can drop the drawing and keep its text.

    A notebook that is not trusted does so. It drops the style, too, which alone shows the drawing, so that what is left
    of the drawing stays hidden.

    >>> print(chart("<svg><title>Rain</title><desc>ana 0.7.</desc><text>50 %</text></svg>"))
    <p class="quiet">Rain. ana 0.7.<span class="along"> Along it: 50 %.</span></p>
    <figure style="display:none"><svg><text>50 %</text> </svg></figure>
    """
    # Words beside a label are left out, as on narrow pages: a notebook cell is narrow.
    svg = re.sub('<tspan class="aside">.*?</tspan>', "", svg)
    texts = [(tag, re.sub("<[^>]*>", "", words)) for tag, words in _TEXT_IN_SVG.findall(svg)]
    first = dict(reversed(texts))  # the drawing's own title and desc come before those of its parts
    sentence = f"{first['title']}. {first['desc']}"
    labels = [words for tag, words in texts if tag == "text" and not _words(words) <= _words(sentence)]
    if labels:
        sentence += f'<span class="along"> Along it: {", ".join(dict.fromkeys(labels))}.</span>'
    drawing = _TEXT_IN_SVG.sub(lambda text: f"{text[0]} " if text[1] == "text" else "", svg)
    # A host can have styles for these classes: the classic notebook makes a badge of "label".
    drawing = re.sub(' class="[^"]*"', "", drawing)
    drawing = re.sub(' aria-labelledby="[^"]*"', ' aria-hidden="true"', drawing)
    return f'<p class="quiet">{spaced(sentence)}</p>\n<figure style="display:none">{drawing}</figure>'


def _words(text: str) -> set[str]:
    """Return the words of a text without punctuation."""
    return {word.strip(".,:;()") for word in text.split()}


def _html(block: Block) -> str:
    """Return one block as HTML; a folded one is open if it is short and has no hint."""
    if isinstance(block, Pairs):
        return labelled_lists([(_escaped(label), _escaped(text)) for label, text in block.pairs])
    if isinstance(block, Table):
        return _html_table(block)
    if isinstance(block, Listing):
        return _html_listing(block)
    if isinstance(block, Sketch):
        return _html_table(block.table)
    if isinstance(block, Picture):
        return chart(block.svg)
    if isinstance(block, Entry):
        below = bar(block.past) + window_bar(_escaped(block.window), _escaped(block.left))
        return list_line(_escaped(block.name), chip(_escaped(block.stands), block.look), below)
    if isinstance(block, Item):
        notes = "".join(f" <p>{_escaped(note)}</p>" for note in block.notes)
        mark = chip(_escaped(block.bears), block.look)
        return item(_escaped(block.day), mark, _escaped(block.about), _anchor(block.title, block.link), notes)
    if isinstance(block, Folded):
        count = "" if block.hint else f" ({len(block.blocks)})"
        few = not block.hint and len(block.blocks) <= OPEN
        return folded(_escaped(block.summary) + count, "\n".join(["", *map(_html, block.blocks)]), is_open=few)
    return _html_words(block)


def _html_words(block: Heading | Lead | Paragraph | Hint | Notice | Quote | Reference) -> str:
    """Return a block of running text as HTML: one without columns, drawings or blocks within it."""
    if isinstance(block, Heading):
        aside = _escaped(block.aside)
        if block.look:
            aside = f" {chip(aside, block.look)}"
        elif aside:
            aside = f" <small>{aside}</small>"
        return f"<h4>{_escaped(block.text)}{aside}</h4>"
    if isinstance(block, Lead):
        return f"<h5>{_escaped(block.name)} <small>{_escaped(block.text)}</small></h5>"
    if isinstance(block, Paragraph):
        return _paragraph(block) if block.text else ""
    if isinstance(block, Hint):
        text = _escaped(block.python)
        if not text:
            return ""
        note = f"  # {_escaped(block.note)}" if block.note else ""
        return f"<pre><code>{text}{note}</code></pre>" if block.is_code else f'<p class="quiet">{text}</p>'
    if isinstance(block, Notice):
        return f'<p class="redacted">{_escaped(block.text)}</p>'
    if isinstance(block, Quote):
        return f"<blockquote>{_escaped(block.text)}</blockquote>"
    return f"<p>{_anchor(block.title, block.link)}</p>"


def _paragraph(block: Paragraph) -> str:
    """Return a paragraph; a heading in capitals at its start, with two spaces after it, is set in bold."""
    text = _with_bold_heading(block.text) if "  " in block.text else _escaped(block.text)
    look = ""
    if text.startswith("<b>"):
        look = ' class="lead"'
    elif block.indent:
        look = ' class="indented"'
    return f"<p{look}>{text}</p>"


def _with_bold_heading(text: str) -> str:
    """Escape a text; a heading in capitals at its start is set in bold."""
    return _LEAD.sub(r"<b>\g<0></b>", _escaped(text))


def _html_row(cells: Sequence[str], figures: Sequence[int], tag: Literal["td", "th"] = "td", note: str = "") -> str:
    """Return a row of a table; a *note* on it has a row of its own below.

    *figures* are the numbers of the columns that are aligned to the right.
    """
    scope = ' scope="col"' if tag == "th" else ""
    aligned = [
        f'<{tag}{scope} style="text-align:{"right" if column in figures else "left"}">{_shown_whole(cell)}</{tag}> '
        for column, cell in enumerate(cells)
    ]
    below = f'<tr class="note"><td class="quiet" colspan="{len(cells)}">{_escaped(note)}</td></tr>\n' if note else ""
    return f"<tr>{''.join(aligned)}</tr>\n{below}"


def _shown_whole(text: str) -> str:
    """Escape a cell; a text that was cut for a terminal is shown in full, since a table in HTML has room."""
    return _escaped(text.whole if isinstance(text, Cut) else text)


def _html_listing(listing: Listing) -> str:
    """Lay out the sections as one table, so that their columns are aligned; at most MOST rows of it."""
    sections, room = [], MOST
    for section in listing.sections:
        rows = section.rows[:room]
        room -= len(rows)
        body = [_html_row(row, listing.figures, note=section.notes.get(number, "")) for number, row in enumerate(rows)]
        if left_out := len(section.rows) - len(rows):
            body.append(f'<tr><td colspan="{len(section.names)}">{left_out:,} more in .rows()</td></tr>\n')
        if section.more:
            more = _escaped(section.more.python)
            body.append(f'<tr><td class="quiet" colspan="{len(section.names)}">{more}</td></tr>\n')
        head = _html_row(section.names, listing.figures, "th")
        sections.append(f"<tbody>{head}{''.join(body)}</tbody>")
    return f'<table class="listing">{"".join(sections)}</table>'


def _html_table(table: Table) -> str:
    """Return a table, folded under its caption if it has many rows."""
    head = _html_row(table.names, table.figures, "th").removesuffix("\n")
    body = "".join(_html_row(row, table.figures) for row in table.rows)
    caption = f"<caption>{_with_bold_heading(table.caption)}</caption>\n" if table.caption else ""
    shown = f"<table>\n{caption}<thead>{head}</thead><tbody>{body}</tbody></table>"
    if len(table.rows) <= MANY:
        return shown
    return folded(f"{len(table.rows):,} rows: {_escaped(table.caption)}".removesuffix(": "), shown, is_open=False)


def _anchor(title: str, link: str) -> str:
    """Return a title with its link; only http and https can be followed, others (javascript:) are shown as text."""
    if urlsplit(link).scheme.lower() in {"http", "https"}:
        return (
            f'<a href="{escape(link)}" rel="noopener noreferrer nofollow">{_escaped(title)}</a> '
            f'<span class="quiet">{_escaped(link_text(link))}</span>'
        )
    return f"{_escaped(title)} {_escaped(link_text(link))}"


def _escaped(text: str) -> str:
    """Escape a text, keeping its spaces and lines; one that was cut is shown whole when a reader points at it."""
    escaped = spaced(escape(visible(text))).replace("\n", "<br>\n")
    if not isinstance(text, Cut) or text == text.whole:
        return escaped
    return f'<span title="{escape(visible(text.whole))}">{escaped}</span>'
