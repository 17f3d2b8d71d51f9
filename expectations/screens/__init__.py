"""Which rows fail, asked once by SQL?"""
