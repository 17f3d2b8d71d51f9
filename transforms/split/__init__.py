"""Where does each article begin and end?"""
