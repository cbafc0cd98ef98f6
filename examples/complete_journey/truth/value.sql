-- What they are worth (segments/value.seg).

-- partition card_tier
SELECT s.household,
       CASE WHEN s.value >= 6000 AND t.value >= 40 THEN 'platinum'
            WHEN s.value >= 3000 THEN 'gold'
            WHEN s.value >= 1000 THEN 'silver'
            WHEN t.value >= 1 THEN 'bronze'
            ELSE 'no_card' END AS tier
FROM spend_12m s JOIN trips_12m t ON t.household = s.household;

-- segment best_customers
SELECT c.household AS id FROM card_tier c JOIN recency r ON r.household = c.household
WHERE c.tier IN ('platinum', 'gold') AND r.value < 21;

-- segment best_at_risk
-- a third of the month before is rounded to ten-thousandths of a dollar
SELECT c.household AS id
FROM card_tier c
LEFT JOIN recency r ON r.household = c.household
LEFT JOIN spend_trend t ON t.household = c.household
LEFT JOIN (SELECT household, coalesce(sum(amount) FILTER (last_days(day, 30)), 0) AS month,
                  coalesce(sum(amount) FILTER (days_ago(day, 60, 30)), 0) AS month_before
           FROM line GROUP BY household) m ON m.household = c.household
WHERE c.tier IN ('platinum', 'gold')
  AND coalesce(r.value >= 14, false)::INT + coalesce(t.value < 0.6, false)::INT
    + (c.household IN (SELECT id FROM overdue))::INT + coalesce(m.month < divided(m.month_before, 3), false)::INT >= 2;

-- segment next_gold
SELECT c.household AS id FROM card_tier c JOIN monthly_spend m ON m.household = c.household
WHERE c.tier = 'silver' AND m.value * 12 >= 3000;

-- segment big_ticket
SELECT l.household AS id FROM largest_basket l JOIN average_basket a ON a.household = l.household
WHERE l.value >= 5 * a.value AND l.value > 150;

-- segment steady_value
SELECT household AS id FROM basket GROUP BY household
HAVING min(amount) FILTER (last_months(day, 3)) >= 10 AND max(amount) FILTER (last_months(day, 3)) < 120
   AND count(*) FILTER (last_months(day, 12)) >= 26;

-- segment premium_potential
SELECT h.id FROM household h JOIN card_tier c ON c.household = h.id
WHERE h.income_rank >= 6 AND c.tier IN ('silver', 'bronze', 'no_card');

-- metric r
SELECT household, CASE WHEN value <= 14 THEN 5 WHEN value <= 30 THEN 4 WHEN value <= 60 THEN 3 WHEN value <= 120 THEN 2 ELSE 1 END AS value
FROM recency;

-- metric f
SELECT r.household, 1 + (t.value >= 4)::INT + (t.value >= 12)::INT + (t.value >= 24)::INT + (t.value >= 52)::INT AS value
FROM recency r JOIN trips_12m t ON t.household = r.household;

-- metric m
SELECT r.household, 1 + (s.value >= 600)::INT + (s.value >= 1500)::INT + (s.value >= 3000)::INT + (s.value >= 6000)::INT AS value
FROM recency r JOIN spend_12m s ON s.household = r.household;

-- metric rfm_total
SELECT r.household, r.value + f.value + m.value AS value
FROM r JOIN f ON f.household = r.household JOIN m ON m.household = r.household;

-- partition value_group
SELECT h.id AS household,
       CASE WHEN r.value >= 4 AND f.value >= 4 AND m.value >= 4 THEN 'champions'
            WHEN r.value >= 3 AND f.value >= 4 THEN 'loyal'
            WHEN r.value >= 4 THEN 'promising'
            WHEN r.value = 3 THEN 'attention'
            WHEN f.value >= 4 OR m.value >= 4 THEN 'cannot_lose'
            WHEN r.value = 2 THEN 'sleeping'
            WHEN r.value = 1 THEN 'lost'
            ELSE 'none_yet' END AS tier
FROM household h LEFT JOIN r ON r.household = h.id LEFT JOIN f ON f.household = h.id LEFT JOIN m ON m.household = h.id;

-- segment loyal_without_gold
SELECT v.household AS id FROM value_group v
JOIN card_tier c ON c.household = v.household JOIN rfm_total t ON t.household = v.household
WHERE v.tier IN ('champions', 'loyal') AND c.tier = 'silver' AND t.value >= 12;

-- score leaving_risk
SELECT h.id AS household,
       CASE WHEN r.value >= 28 THEN 30 ELSE 0 END
       + CASE WHEN h.id IN (SELECT id FROM overdue) THEN 25 ELSE 0 END
       + CASE WHEN t.value < 0.5 THEN 25 ELSE 0 END
       + CASE WHEN r.value IS NULL THEN 0 ELSE least(2 * r.value, 20) END -- DuckDB's least(NULL, 20) is 20
       - CASE WHEN h.id IN (SELECT household FROM redemption WHERE last_days(day, 60)) THEN 10 ELSE 0 END
       - least((SELECT count(*) FROM basket b WHERE b.household = h.id AND last_days(b.day, 30)), 10) AS value
FROM household h
LEFT JOIN recency r ON r.household = h.id
LEFT JOIN spend_trend t ON t.household = h.id;
