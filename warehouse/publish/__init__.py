"""How does a new file take the place of the published one?"""
