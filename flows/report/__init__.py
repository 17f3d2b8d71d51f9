"""What does the one-page report show?"""
