"""The scorecard: plain counts, the leaderboard, the scores with their intervals, and what is not counted."""
