"""What does only Prefect need: flows, states, artifacts, its server?"""
