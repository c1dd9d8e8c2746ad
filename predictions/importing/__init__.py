"""Many forecasts and verdicts at once: tables are read, checked as columns, compared with what is on file, recorded."""
