"""Which articles have these words?"""
