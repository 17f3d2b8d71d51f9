-- Grain: publishers that had news on nearly every day, and then none while others had.
-- Counts publishers, never against the clock.
CREATE OR REPLACE VIEW main.silent_source AS
WITH
loud AS (
    SELECT DISTINCT
        fact.source_key,
        published.date AS day
    FROM main.fact_article AS fact
    INNER JOIN main.dim_date AS published
        ON fact.published_date_key = published.date_key
    WHERE published.date_key <> 0
),

-- One article with a wrong day is no silence of all others: days count that have news.
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
        count(*) AS day_count,
        quantile_disc(days, 0.95) AS usual_gap_days
    FROM pause
    GROUP BY source_key
    -- Five days a week is nearly every day.
    HAVING count(*) >= 14 AND median(days) = 1
)

SELECT
    habit.source_key,
    source.name AS source,
    habit.last_day,
    habit.day_count,
    habit.usual_gap_days,
    calendar.newest_day - habit.last_day AS days_silent
FROM habit
INNER JOIN main.dim_source AS source USING (source_key)
INNER JOIN calendar ON habit.last_day = calendar.day
WHERE
    calendar.newest_day - habit.last_day
    BETWEEN greatest(7, 2 * habit.usual_gap_days) AND 365
    AND calendar.later_days >= 5;
COMMENT ON VIEW main.silent_source IS
    'Publishers that had news on nearly every day (14 days or more, most of them one '
    'after another), and then none for a week and twice their usual gap, while others '
    'had news on five days or more. After a year it is no news. Counts publishers, '
    'against the newest day of the warehouse, never against the clock.';
COMMENT ON COLUMN main.silent_source.source_key IS 'Publisher, dim_source.';
COMMENT ON COLUMN main.silent_source.source IS 'Its name.';
COMMENT ON COLUMN main.silent_source.last_day IS 'Last day on which it published.';
COMMENT ON COLUMN main.silent_source.day_count IS 'Days on which it published.';
COMMENT ON COLUMN main.silent_source.usual_gap_days IS
    'Days from one day with its news to the next, which 19 of 20 such gaps do not '
    'exceed.';
COMMENT ON COLUMN main.silent_source.days_silent IS
    'Days from its last day to the newest day of the warehouse.';
