"""How is what is published changed without new documents?"""
