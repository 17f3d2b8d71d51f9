"""What does a single line look like?"""
