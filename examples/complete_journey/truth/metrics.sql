-- The figures of segments/metrics.seg. Each query gives (household, value); a household without a row has no value.
-- Later queries may read an earlier answer by its name: compare.py keeps each as a table.

-- metric spend_12m
SELECT h.id AS household, coalesce(sum(l.amount), 0) AS value
FROM household h LEFT JOIN line l ON l.household = h.id AND last_months(l.day, 12) GROUP BY h.id;

-- metric spend_90d
SELECT h.id AS household, coalesce(sum(l.amount), 0) AS value
FROM household h LEFT JOIN line l ON l.household = h.id AND last_days(l.day, 90) GROUP BY h.id;

-- metric spend_trend
SELECT household,
       ratio(coalesce(sum(amount) FILTER (last_days(day, 90)), 0), sum(amount) FILTER (days_ago(day, 180, 90))) AS value
FROM line GROUP BY household
HAVING sum(amount) FILTER (days_ago(day, 180, 90)) > 0;

-- metric monthly_spend
SELECT h.id AS household, divided(coalesce(sum(l.amount), 0), 6) AS value
FROM household h LEFT JOIN line l ON l.household = h.id AND full_months(l.day, 6) GROUP BY h.id;

-- metric trips_12m
SELECT h.id AS household, count(DISTINCT l.basket) AS value
FROM household h LEFT JOIN line l ON l.household = h.id AND last_months(l.day, 12) GROUP BY h.id;

-- metric average_basket
SELECT household, divided(sum(amount), count(DISTINCT basket)) AS value
FROM line WHERE last_months(day, 12) GROUP BY household;

-- metric median_basket
SELECT household, CASE WHEN count(*) = 1 THEN min(amount) ELSE divided(sum(amount), 2) END AS value
FROM (SELECT household, amount, row_number() OVER (PARTITION BY household ORDER BY amount) AS place,
             count(*) OVER (PARTITION BY household) AS n
      FROM basket WHERE last_months(day, 12))
WHERE place IN ((n + 1) // 2, n // 2 + 1) GROUP BY household;

-- metric largest_basket
SELECT household, max(amount) AS value FROM basket GROUP BY household;

-- metric recency
SELECT household, as_of() - max(day) AS value FROM line GROUP BY household;

-- metric usual_gap
SELECT household, avg(gap) AS value
FROM (SELECT household, day - lag(day) OVER (PARTITION BY household ORDER BY instant, basket) AS gap
      FROM basket WHERE last_months(day, 6))
WHERE gap IS NOT NULL GROUP BY household;

-- metric stores_used
SELECT h.id AS household, count(DISTINCT l.store) AS value
FROM household h LEFT JOIN line l ON l.household = h.id AND last_months(l.day, 12) GROUP BY h.id;

-- metric weekend_share
SELECT household, count(DISTINCT basket) FILTER (isodow(day) IN (6, 7)) / count(DISTINCT basket) AS value
FROM line GROUP BY household;

-- metric departments
SELECT h.id AS household, count(DISTINCT l.department) AS value
FROM household h LEFT JOIN line l ON l.household = h.id AND last_months(l.day, 12) GROUP BY h.id;

-- metric main_department
SELECT household, arg_max(department, n ORDER BY department) AS value
FROM (SELECT household, department, count(*) AS n FROM line WHERE department IS NOT NULL GROUP BY ALL)
GROUP BY household;

-- metric private_share
SELECT household, count(*) FILTER (brand = 'Private') / count(*) AS value FROM line GROUP BY household;

-- metric discount_rate
SELECT household,
       ratio(sum(retail_discount + coupon_discount + match_discount),
             sum(amount + retail_discount + coupon_discount + match_discount)) AS value
FROM line WHERE last_months(day, 12) GROUP BY household
HAVING sum(amount + retail_discount + coupon_discount + match_discount) > 0;

-- metric coupons_12m
SELECT h.id AS household, count(r.day) AS value
FROM household h LEFT JOIN redemption r ON r.household = h.id AND last_months(r.day, 12) GROUP BY h.id;

-- metric campaigns_answered
SELECT h.id AS household, count(DISTINCT r.campaign) AS value
FROM household h LEFT JOIN redemption r ON r.household = h.id GROUP BY h.id;

-- metric response_rate
SELECT m.household, any_value(a.value) / count(*) AS value
FROM mailing m JOIN campaigns_answered a ON a.household = m.household GROUP BY m.household;
