"""Which files are there, and what bytes do they hold?"""
