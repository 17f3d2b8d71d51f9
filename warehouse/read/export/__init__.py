"""How does all of a warehouse leave for other programs?"""
