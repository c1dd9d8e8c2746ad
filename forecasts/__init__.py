"""The arithmetic of probability forecasts: values in, values out."""
