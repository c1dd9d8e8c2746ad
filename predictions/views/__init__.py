"""What a person sees of a ledger: plain values that show themselves as text, HTML and rows."""
