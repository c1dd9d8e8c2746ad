"""How anything is shown: blocks laid out as text and as HTML, lines to type, and charts."""
