"""How many, and who says so: which counted claims does a text make?"""
