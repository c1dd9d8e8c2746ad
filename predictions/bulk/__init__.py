"""Forecasts by the million: imported under one entry, held as columns, summed into scorecards, written as Parquet."""
