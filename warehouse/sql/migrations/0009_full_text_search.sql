-- The index of `search` comes with `sql/tables`, and is filled by the same step.
SELECT 1;
