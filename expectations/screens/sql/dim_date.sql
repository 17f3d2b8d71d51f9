-- Grain: one staged day; key 0 is the unknown one.
SELECT
    date_key,
    date_key = 0
    OR date_key = strftime(date, '%Y%m%d')::INTEGER AS is_key_of_day
FROM staging.dim_date
