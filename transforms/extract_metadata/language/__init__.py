"""In which language is an article?"""
