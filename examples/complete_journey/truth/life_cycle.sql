-- Where a household stands (segments/life_cycle.seg).

-- segment first_seen_this_quarter
SELECT household AS id FROM line GROUP BY household HAVING last_days(min(day), 90);

-- segment one_trip_only
SELECT household AS id FROM line GROUP BY household HAVING count(DISTINCT basket) = 1;

-- segment active
SELECT DISTINCT household AS id FROM line WHERE last_days(day, 30);

-- segment regulars
SELECT household AS id FROM line GROUP BY household
HAVING count(DISTINCT basket) FILTER (full_months(day, 2)) >= 8 AND bool_or(last_days(day, 14));

-- segment lapsing
SELECT household AS id FROM line GROUP BY household
HAVING count(DISTINCT basket) FILTER (days_ago(day, 90, 30)) >= 3 AND NOT bool_or(last_days(day, 30));

-- segment lost
SELECT household AS id FROM line GROUP BY household HAVING as_of() - max(day) > 120;

-- segment overdue
SELECT r.household AS id FROM recency r JOIN usual_gap g ON g.household = r.household
WHERE r.value > 3 * g.value AND r.value >= 14
  AND (SELECT count(*) FROM basket b WHERE b.household = r.household AND last_months(b.day, 6)) >= 5;

-- segment back_again
SELECT household AS id FROM line GROUP BY household
HAVING bool_or(last_days(day, 30)) AND NOT bool_or(days_ago(day, 90, 30)) AND as_of() - min(day) > 90;

-- segment growing
SELECT household AS id FROM line GROUP BY household
HAVING sum(amount) FILTER (last_months(day, 3))
         > 1.25 * coalesce(sum(amount) FILTER (last_months(day, 6) AND NOT last_months(day, 3)), 0)
   AND bool_or(last_days(day, 30));

-- segment shrinking
SELECT household AS id FROM spend_trend WHERE value <= 0.5;

-- segment summer_only
SELECT household AS id FROM line GROUP BY household HAVING bool_and(month(day) IN (6, 7, 8));

-- segment changed_shop
-- receipts at one instant are in the order of their numbers
SELECT household AS id FROM basket GROUP BY household
HAVING arg_min(store, (instant, basket)) <> arg_max(store, (instant, basket))
   AND count(DISTINCT store) FILTER (last_months(day, 3)) = 1
   AND count(*) FILTER (last_months(day, 12)) >= 12;

-- segment still_in_touch
SELECT household AS id FROM (SELECT household, day FROM line UNION ALL SELECT household, day FROM redemption)
GROUP BY household HAVING as_of() - max(day) < 7;

-- segment just_shopped
-- hours are exact: the 48 before the midnight, in New York, that ends the as-of day
SELECT DISTINCT household AS id FROM line
WHERE instant >= (CAST(as_of() + 1 AS TIMESTAMP) AT TIME ZONE 'America/New_York') - INTERVAL 48 HOURS;

-- partition lifecycle
SELECT h.id AS household,
       CASE WHEN b.household IS NULL THEN 'prospect'
            WHEN as_of() - first_day <= 30 THEN 'new'
            WHEN as_of() - last_day <= 45 AND trips >= 2 THEN 'active'
            WHEN as_of() - last_day <= 45 THEN 'one_time'
            WHEN as_of() - last_day <= 120 THEN 'lapsing'
            ELSE 'lost' END AS tier
FROM household h
LEFT JOIN (SELECT household, min(day) AS first_day, max(day) AS last_day, count(DISTINCT basket) AS trips
           FROM line GROUP BY household) b ON b.household = h.id;

-- segment converted
SELECT l.household AS id FROM lifecycle l WHERE l.tier = 'new'
AND (SELECT count(*) FROM basket b WHERE b.household = l.household) >= 2;
