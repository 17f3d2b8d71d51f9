"""Who published an article, who wrote it, where, and when?"""
