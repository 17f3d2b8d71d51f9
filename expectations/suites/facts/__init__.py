"""What must be true of facts, bridges, segments, and what is held back?"""
