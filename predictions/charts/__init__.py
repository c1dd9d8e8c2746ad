"""A claim over time and a forecaster's reliability, drawn: as SVG, in characters, with matplotlib."""
