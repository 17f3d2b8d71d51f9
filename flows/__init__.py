"""When things run: the pipeline, its tasks, its settings, and the command line."""
