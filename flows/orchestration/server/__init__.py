"""How does a run get a Prefect server of its own?"""
