"""When does what run, with which settings, and by which words of the command line?"""
