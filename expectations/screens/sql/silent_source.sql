-- Grain: one publisher that had news on nearly every day, as the view silent_source
-- has it, of what is published and what is new.
WITH
loud AS (
    SELECT DISTINCT
        source_key,
        try_strptime(published_date_key::VARCHAR, '%Y%m%d')::DATE AS day
    FROM (
        SELECT source_key, published_date_key
        FROM main.fact_article
        UNION ALL
        SELECT source_key, published_date_key
        FROM staging.fact_article
    ) AS article
    WHERE published_date_key <> 0
),

calendar AS (
    SELECT
        day,
        max(day) OVER () AS newest_day,
        row_number() OVER (ORDER BY day DESC) - 1 AS later_days
    FROM (SELECT DISTINCT day FROM loud) AS loud_day
),

pause AS (
    SELECT
        source_key,
        day,
        day - lag(day) OVER (PARTITION BY source_key ORDER BY day) AS days
    FROM loud
    WHERE source_key <> 0
),

habit AS (
    SELECT
        source_key,
        max(day) AS last_day,
        quantile_disc(days, 0.95) AS usual_gap_days
    FROM pause
    GROUP BY source_key
    HAVING count(*) >= $daily_min_days::INTEGER AND median(days) = 1
)

SELECT
    habit.source_key,
    (
        calendar.newest_day - habit.last_day
        BETWEEN greatest(
            $silent_min_days::INTEGER,
            $silent_min_gaps::INTEGER * habit.usual_gap_days
        )
        AND $silent_max_days::INTEGER
        AND calendar.later_days >= $silent_min_later_days::INTEGER
    ) IS NOT TRUE AS is_heard
FROM habit
INNER JOIN calendar ON habit.last_day = calendar.day
