"""What must be true of each dimension?"""
