"""What the evidence would make of a claim, since when it answered the claim, and doubts about a verdict."""
