"""Where does it all rest, from landed files to the star that is read?"""
