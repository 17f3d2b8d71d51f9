"""What must be true of each table?"""
