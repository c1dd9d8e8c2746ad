"""The leaderboard: difficulty-adjusted skill over time, its yardstick and its lines."""
