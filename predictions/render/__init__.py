"""A claim over time, means and reliability of forecasters, drawn: as SVG, in characters, with matplotlib."""
