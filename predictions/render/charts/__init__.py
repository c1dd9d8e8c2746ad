"""Charts of plain values as inline SVG: a claim over time, means with their intervals, fixed moments."""
