"""How good is a result, held against gold?"""
