"""What can be said on the command line, and what does it answer?"""
