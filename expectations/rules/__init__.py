"""In which words is a rule said, and where are its limits?"""
