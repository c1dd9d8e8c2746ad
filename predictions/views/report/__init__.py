"""One page of HTML to publish: the answer, the scorecard, each statement with its evidence."""
