"""How do parts become candidate rows?"""
