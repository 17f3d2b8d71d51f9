-- Grain: one run, article, and kind of change after a run; null: all of them.
FROM main.changes_since($since_run_id);
