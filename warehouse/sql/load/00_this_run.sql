-- Grain: the run that loads.
CREATE TABLE staging.this_run AS
SELECT
    $run_key::UBIGINT AS run_key,
    $started_at::TIMESTAMP AS started_at;
