"""The taker: what readers read, put onto claims, people and sources on file and recorded; and the card of the run."""
