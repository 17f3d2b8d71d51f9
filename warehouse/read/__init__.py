"""How are questions asked of what is published?"""
