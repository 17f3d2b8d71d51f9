"""What do the commands besides `run` do?"""
