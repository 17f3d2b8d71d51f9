"""How do the marks of a format become lines of text?"""
