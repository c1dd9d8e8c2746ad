"""The card of one claim: on one screen, in full, over time, beside the other readings of its statement."""
