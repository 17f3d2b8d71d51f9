"""How does Great Expectations judge rows of a DuckDB connection that is open?"""
