"""From records to figures: which forecasts count on which claims, what they score, and how far that can be trusted."""
