"""Two forecasters, and two cards, beside each other."""
