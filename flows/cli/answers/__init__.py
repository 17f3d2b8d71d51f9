"""Which commands take rows out of the warehouse, for people and for programs?"""
