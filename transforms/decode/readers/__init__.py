"""What text does a document hold that is no plain text?"""
