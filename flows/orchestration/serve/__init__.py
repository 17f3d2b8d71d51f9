"""How does Newsmill run as a service, on its schedules?"""
