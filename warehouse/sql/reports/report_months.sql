-- Grain: months of publication in the order of the list, and the undated as one.
SELECT
    date_trunc('month', date)::DATE AS month,
    count(*) AS articles,
    min(place) AS first_place,
    max(place) AS last_place
FROM chosen_article
GROUP BY month
ORDER BY first_place;
