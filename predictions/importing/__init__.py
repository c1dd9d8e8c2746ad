"""Forecasts and resolutions from files, tables and rows."""
