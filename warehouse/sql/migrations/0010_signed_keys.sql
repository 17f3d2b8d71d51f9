-- Keys are BIGINT, as clients of SQL know no unsigned numbers. Their tables are made anew
-- once all other steps are done.
SELECT 1;
