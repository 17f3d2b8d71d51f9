"""Where it rests: landing, staging, publishing, and reading the star schema."""
