"""Where does a text begin and end, in bytes, characters, and lines?"""
