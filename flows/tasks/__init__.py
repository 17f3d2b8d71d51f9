"""What does a run do, task by task?"""
