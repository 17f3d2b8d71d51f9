"""Who, where, and how many: which places, persons, and claims does a text name?"""
