"""What does a line say about a boundary, among its neighbours?"""
