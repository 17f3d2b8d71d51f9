"""Which articles are the same, or nearly?"""
