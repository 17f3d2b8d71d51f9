-- Grain: the run that loads.
CREATE TABLE staging.this_run AS
SELECT
    $run_key::BIGINT AS run_key,
    $started_at::TIMESTAMP AS started_at;
