"""How are the weights of the classifier found?"""
