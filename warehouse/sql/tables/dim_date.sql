-- One row per calendar day that an article names; key 0 is the unknown day.
CREATE TABLE IF NOT EXISTS main.dim_date (
    date_key INTEGER PRIMARY KEY,
    date DATE,
    year INTEGER,
    quarter INTEGER,
    month INTEGER,
    month_name VARCHAR,
    day INTEGER,
    iso_year INTEGER,
    iso_week INTEGER,
    iso_weekday INTEGER,
    weekday_name VARCHAR,
    is_weekend BOOLEAN
);
COMMENT ON TABLE main.dim_date IS
    'One row per calendar day that an article names; key 0 is the unknown day.';
COMMENT ON COLUMN main.dim_date.date_key IS 'The day as YYYYMMDD, 0 when unknown.';
COMMENT ON COLUMN main.dim_date.date IS 'The day, null when unknown.';
COMMENT ON COLUMN main.dim_date.year IS 'Calendar year.';
COMMENT ON COLUMN main.dim_date.quarter IS 'Quarter of the year, 1 to 4.';
COMMENT ON COLUMN main.dim_date.month IS 'Month of the year, 1 to 12.';
COMMENT ON COLUMN main.dim_date.month_name IS 'Month in English.';
COMMENT ON COLUMN main.dim_date.day IS 'Day of the month, 1 to 31.';
COMMENT ON COLUMN main.dim_date.iso_year IS 'Year of the ISO week.';
COMMENT ON COLUMN main.dim_date.iso_week IS 'ISO week, 1 to 53.';
COMMENT ON COLUMN main.dim_date.iso_weekday IS 'Day of the week, Monday is 1.';
COMMENT ON COLUMN main.dim_date.weekday_name IS 'Day of the week in English.';
COMMENT ON COLUMN main.dim_date.is_weekend IS 'Saturday or Sunday.';
