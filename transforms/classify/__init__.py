"""Which labels does an article carry, and which words spoke for them?"""
