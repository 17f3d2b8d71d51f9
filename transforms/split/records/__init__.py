"""Which records does a file of JSON Lines hold?"""
