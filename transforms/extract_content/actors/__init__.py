"""Which persons and organisations does a text name?"""
