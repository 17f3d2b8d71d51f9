"""How does Great Expectations ask DuckDB?"""
