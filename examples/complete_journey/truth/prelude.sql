-- The tables of Complete Journey as the queries of this folder see them, for DuckDB. `as_of` (a date) and `data`
-- (the folder of the Parquet files) are variables that compare.py sets. Written by hand from the meaning of the data;
-- nothing here comes from the compiler.
--
--   household(id, age, income, …)          everyone who ever bought something; survey answers or NULL
--   line(household, local_time, day, …)    lines of receipts up to the end of the as-of day
--   basket(household, basket, day, …)      receipts
--   redemption(household, day, …)          coupons handed in, up to the as-of day
--   mailing(household, kind, first_day, …) which household got which campaign

CREATE TABLE product AS
SELECT product_id, department, product_category AS category, product_type AS kind, package_size AS size, brand
FROM read_parquet(getvariable('data') || '/products.parquet');

-- Times are stored in UTC without saying so; the shops' days are New York days.
CREATE TABLE line AS
SELECT t.household_id AS household,
       t.transaction_timestamp AT TIME ZONE 'UTC' AS instant,
       (t.transaction_timestamp AT TIME ZONE 'UTC') AT TIME ZONE 'America/New_York' AS local_time,
       CAST((t.transaction_timestamp AT TIME ZONE 'UTC') AT TIME ZONE 'America/New_York' AS DATE) AS day,
       t.basket_id AS basket, t.store_id AS store, t.product_id, t.quantity,
       CAST(t.sales_value AS DECIMAL(18, 4)) AS amount,
       CAST(t.retail_disc AS DECIMAL(18, 4)) AS retail_discount,
       CAST(t.coupon_disc AS DECIMAL(18, 4)) AS coupon_discount,
       CAST(t.coupon_match_disc AS DECIMAL(18, 4)) AS match_discount,
       p.department, p.category, p.kind, p.size, p.brand
FROM read_parquet(getvariable('data') || '/transactions.parquet') t
LEFT JOIN product p ON p.product_id = t.product_id
WHERE CAST((t.transaction_timestamp AT TIME ZONE 'UTC') AT TIME ZONE 'America/New_York' AS DATE) <= getvariable('as_of');

CREATE TABLE household AS
SELECT h.household_id AS id, d.age, d.income, d.home_ownership, d.marital_status, d.household_size AS size,
       d.household_comp AS composition, d.kids_count AS kids,
       -- ranks of the ranked answers, 1 the lowest
       list_position(['19-24', '25-34', '35-44', '45-54', '55-64', '65+'], d.age) AS age_rank,
       list_position(['Under 15K', '15-24K', '25-34K', '35-49K', '50-74K', '75-99K', '100-124K', '125-149K', '150-174K',
                      '175-199K', '200-249K', '250K+'], d.income) AS income_rank,
       list_position(['1', '2', '3', '4', '5+'], d.household_size) AS size_rank,
       list_position(['0', '1', '2', '3+'], d.kids_count) AS kids_rank
FROM (SELECT DISTINCT household_id FROM read_parquet(getvariable('data') || '/transactions.parquet')) h
LEFT JOIN read_parquet(getvariable('data') || '/demographics.parquet') d ON d.household_id = h.household_id;

CREATE TABLE basket AS
SELECT household, basket, min(instant) AS instant, min(local_time) AS local_time, min(day) AS day, min(store) AS store,
       CAST(sum(amount) AS DECIMAL(18, 4)) AS amount, count(*) AS items,
       CAST(sum(retail_discount) AS DECIMAL(18, 4)) AS card_savings,
       CAST(sum(coupon_discount) AS DECIMAL(18, 4)) AS coupon_savings
FROM line GROUP BY household, basket;

CREATE TABLE redemption AS
SELECT r.household_id AS household, CAST(r.redemption_date AS DATE) AS day, r.coupon_upc AS coupon, r.campaign_id AS campaign,
       c.campaign_type AS kind
FROM read_parquet(getvariable('data') || '/coupon_redemptions.parquet') r
LEFT JOIN read_parquet(getvariable('data') || '/campaign_descriptions.parquet') c ON c.campaign_id = r.campaign_id
WHERE CAST(r.redemption_date AS DATE) <= getvariable('as_of');

CREATE TABLE mailing AS
SELECT m.household_id AS household, m.campaign_id AS campaign, c.campaign_type AS kind,
       CAST(c.start_date AS DATE) AS first_day, CAST(c.end_date AS DATE) AS last_day
FROM read_parquet(getvariable('data') || '/campaigns.parquet') m
LEFT JOIN read_parquet(getvariable('data') || '/campaign_descriptions.parquet') c ON c.campaign_id = m.campaign_id;

-- Windows over days. Each is a condition on `day`; nothing is later than as-of in these tables.
CREATE MACRO as_of() AS getvariable('as_of');
CREATE MACRO last_days(day, n) AS day > as_of() - CAST(n AS INTEGER);
CREATE MACRO days_ago(day, far, near) AS day > as_of() - CAST(far AS INTEGER) AND day <= as_of() - CAST(near AS INTEGER);
CREATE MACRO last_months(day, n) AS day >= CAST(as_of() + 1 - to_months(n) AS DATE);
-- the n latest calendar months, or quarters, that are over when the as-of day is
CREATE MACRO full_months(day, n) AS
    day >= CAST(date_trunc('month', as_of() + 1) - to_months(n) AS DATE) AND day < CAST(date_trunc('month', as_of() + 1) AS DATE);
CREATE MACRO full_quarters(day, n) AS
    day >= CAST(date_trunc('quarter', as_of() + 1) - to_months(3 * n) AS DATE)
    AND day < CAST(date_trunc('quarter', as_of() + 1) AS DATE);

-- Money is a decimal of four digits. Quotients by a count are rounded half away from zero (no amount here is negative),
-- in whole numbers of ten-thousandths. A ratio of two monies is the binary64 of the exact quotient: both sides in
-- ten-thousandths are exact in binary64.
CREATE MACRO units(money) AS CAST(money * 10000 AS HUGEINT);
CREATE MACRO divided(money, n) AS
    CAST(CAST((2 * units(money) + n) // (2 * n) AS DECIMAL(18, 0)) * CAST(0.0001 AS DECIMAL(4, 4)) AS DECIMAL(18, 4));
CREATE MACRO ratio(a, b) AS CASE WHEN b <> 0 THEN CAST(units(a) AS DOUBLE) / CAST(units(b) AS DOUBLE) END;
