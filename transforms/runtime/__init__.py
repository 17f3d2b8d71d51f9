"""When is a module loaded?"""
