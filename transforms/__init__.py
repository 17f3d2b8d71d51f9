"""What happens to the text, in pure Polars and NumPy: frame in, frame out?"""
