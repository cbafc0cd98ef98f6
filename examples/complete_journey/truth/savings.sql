-- Coupons, discounts, price (segments/savings.seg).

-- segment discount_lovers
SELECT d.household AS id FROM discount_rate d JOIN trips_12m t ON t.household = d.household
WHERE d.value >= 0.25 AND t.value >= 10;

-- segment full_price_buyers
SELECT d.household AS id FROM discount_rate d JOIN spend_12m s ON s.household = d.household
WHERE d.value < 0.1 AND s.value >= 1000;

-- segment coupon_clippers
SELECT household AS id FROM redemption WHERE last_months(day, 12) GROUP BY household HAVING count(*) >= 5
UNION
SELECT household AS id FROM basket GROUP BY household HAVING 5 * count(*) FILTER (coupon_savings > 0) >= count(*);

-- segment coupon_hunters
SELECT DISTINCT household AS id FROM basket WHERE coupon_savings > amount AND last_months(day, 12);

-- segment saves_every_time
SELECT household AS id FROM basket WHERE last_months(day, 3) GROUP BY household
HAVING bool_and(card_savings > 0) AND count(*) >= 4;

-- segment free_articles
SELECT DISTINCT household AS id FROM line
WHERE amount = 0 AND quantity >= 1 AND retail_discount + coupon_discount > 0 AND day >= date_trunc('month', as_of());

-- segment leaves_coupons_unused
SELECT l.household AS id
FROM line l SEMI JOIN (SELECT product_id FROM read_parquet(getvariable('data') || '/coupons.parquet')
                       GROUP BY product_id HAVING count(DISTINCT campaign_id) >= 3) c ON c.product_id = l.product_id
SEMI JOIN product p ON p.product_id = l.product_id
WHERE l.coupon_discount = 0 AND last_months(l.day, 12)
  AND l.household IN (SELECT household FROM mailing) AND l.household NOT IN (SELECT household FROM redemption)
GROUP BY l.household HAVING count(*) >= 300;

-- segment mailer_shoppers
-- an article that is not in the range has no id there, and so no promotions
SELECT l.household AS id
FROM line l
LEFT JOIN (SELECT product_id, count(DISTINCT week) FILTER (mailer_location <> '0') AS mailer,
                  count(DISTINCT week) FILTER (display_location <> '0') AS display
           FROM read_parquet(getvariable('data') || '/promotions.parquet') SEMI JOIN product USING (product_id)
           GROUP BY product_id) w ON w.product_id = l.product_id
GROUP BY l.household
HAVING count(*) FILTER (w.mailer > 26 OR w.display > 26) / count(*) >= 0.6
   AND count(DISTINCT basket) FILTER (last_months(l.day, 12)) >= 10;

-- segment price_insensitive_families
-- `at most 1 of` is true when one at most can be true: an unknown item might be
SELECT f.id FROM families f
LEFT JOIN private_share p ON p.household = f.id
LEFT JOIN coupons_12m c ON c.household = f.id
LEFT JOIN discount_rate d ON d.household = f.id
WHERE f.id NOT IN (SELECT id FROM discount_lovers)
  AND coalesce(p.value >= 0.3, true)::INT + (c.value > 0)::INT + coalesce(d.value >= 0.15, true)::INT <= 1;

-- score price_sensitivity
SELECT h.id AS household,
       CASE WHEN d.value >= 0.25 THEN 40 WHEN d.value >= 0.15 THEN 20 ELSE 0 END
       + least(4 * c.value, 20)
       + CASE WHEN p.value >= 0.35 THEN 20 ELSE 0 END
       + CASE WHEN h.id IN (SELECT id FROM stretched_families) THEN 20 ELSE 0 END
       - CASE WHEN h.income_rank >= 8 THEN 15 ELSE 0 END AS value
FROM household h
LEFT JOIN discount_rate d ON d.household = h.id
LEFT JOIN coupons_12m c ON c.household = h.id
LEFT JOIN private_share p ON p.household = h.id;

-- segment price_sensitive
SELECT household AS id FROM price_sensitivity WHERE value >= 60;
