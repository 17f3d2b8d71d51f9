"""When was an article published, and when was its event?"""
