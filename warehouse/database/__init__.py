"""How is a DuckDB file opened, and what is its schema?"""
