"""How is a task called: directly, by Prefect, or on other machines?"""
