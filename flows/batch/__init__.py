"""How do the files of a batch become one Parquet part?"""
