"""What must be true of the rows before they are published, and who judges it?"""
