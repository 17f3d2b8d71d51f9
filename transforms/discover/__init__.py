"""Which of the files that were found are inputs?"""
