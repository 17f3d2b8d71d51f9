"""Which rows does a batch give to each table?"""
