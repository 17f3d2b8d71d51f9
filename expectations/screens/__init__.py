"""Which rows are judged, made by SQL before Great Expectations asks about them?"""
