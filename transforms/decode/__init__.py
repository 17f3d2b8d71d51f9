"""What text do the bytes of a file hold?"""
