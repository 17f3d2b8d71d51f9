"""How are questions of users answered without a way to write or to reach out?"""
