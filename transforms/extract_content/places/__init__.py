"""Which places does a text name, and where do they lie?"""
