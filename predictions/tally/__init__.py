"""What the evidence makes of a claim, since when it answered it, and what speaks against a verdict."""
