"""What happens to the text: pure Polars and NumPy, frame in, frame out."""
