"""What must be true: suites, thresholds, and the audit that judges a run."""
