"""What is the title and the body of an article?"""
