"""How does a warehouse rest in a DuckLake instead of one file?"""
