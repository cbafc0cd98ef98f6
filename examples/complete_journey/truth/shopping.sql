-- What, where and when they buy (segments/shopping.seg).

-- segment baby_households
SELECT household AS id FROM line
WHERE category IN ('BABY FOODS', 'BABYFOOD', 'BABY HBC', 'DIAPERS & DISPOSABLES', 'INFANT CARE PRODUCTS', 'INFANT FORMULA')
  AND last_months(day, 6)
GROUP BY household HAVING count(DISTINCT basket) >= 2;

-- segment dog_owners
SELECT household AS id FROM line WHERE category = 'DOG FOODS' AND last_months(day, 6) GROUP BY household HAVING count(*) >= 3;

-- segment cat_owners
SELECT household AS id FROM line WHERE category IN ('CAT FOOD', 'CAT LITTER') AND last_months(day, 6)
GROUP BY household HAVING count(*) >= 3;

-- segment one_kind_of_pet
(SELECT id FROM dog_owners EXCEPT SELECT id FROM cat_owners)
UNION ALL (SELECT id FROM cat_owners EXCEPT SELECT id FROM dog_owners);

-- segment organic_buyers
SELECT household AS id FROM line
WHERE (kind ILIKE '%organic%' OR department = 'NUTRITION') AND last_months(day, 12)
GROUP BY household HAVING count(*) >= 12;

-- segment meat_free
SELECT household AS id FROM line WHERE last_months(day, 6) GROUP BY household
HAVING count(*) FILTER (department = 'PRODUCE') >= 10
   AND count(*) FILTER (department IN ('MEAT', 'MEAT-PCKGD', 'SEAFOOD', 'SEAFOOD-PCKGD') AND amount > 0) = 0;

-- segment fresh_cooks
-- the 30% of the spend are rounded to ten-thousandths of a dollar, as money times a number is
SELECT household AS id FROM line WHERE last_months(day, 12) GROUP BY household
HAVING (coalesce(sum(amount) FILTER (department IN ('PRODUCE', 'MEAT', 'SEAFOOD', 'SALAD BAR', 'DELI', 'PASTRY')), 0)
          >= round(0.3 * sum(amount), 4))::INT
     + (count(*) FILTER (category LIKE 'HERBS%' OR category LIKE 'SPICES%') >= 3)::INT
     + (count(*) FILTER (department = 'SEAFOOD') >= 1)::INT >= 2;

-- segment quick_meals
SELECT household AS id FROM line
WHERE (category LIKE 'FROZEN PIZZA%' OR category LIKE 'FRZN MEAT%') AND last_months(day, 6)
GROUP BY household HAVING count(*) >= 20;

-- segment wine_lovers
SELECT l.household AS id FROM line l JOIN household h ON h.id = l.household
WHERE rtrim(l.category) LIKE '%WINE' AND last_months(l.day, 12) AND coalesce(h.age, '') <> '19-24'
GROUP BY l.household HAVING count(*) >= 6;

-- segment big_packs
SELECT household AS id FROM line
WHERE size LIKE '% LB' AND length(split_part(split_part(size, ' ', 1), '.', 1)) >= 2
  AND TRY_CAST(split_part(size, ' ', 1) AS DOUBLE) IS NOT NULL AND split_part(size, ' ', 3) = ''
  AND last_months(day, 12)
GROUP BY household HAVING count(*) >= 10;

-- segment seafood_fans
SELECT household AS id FROM line WHERE department IN ('SEAFOOD', 'SEAFOOD-PCKGD') AND last_months(day, 12)
GROUP BY household HAVING count(*) >= 10;

-- segment thanksgiving_cooks
SELECT DISTINCT household AS id FROM line WHERE category = 'TURKEY' AND day BETWEEN '2017-11-14' AND '2017-11-23';

-- segment flower_buyers
SELECT DISTINCT household AS id FROM line
WHERE department IN ('FLORAL', 'GARDEN CENTER')
  AND (full_quarters(day, 1) OR day >= date_trunc('quarter', as_of()));

-- segment fuel_customers
SELECT household AS id FROM line WHERE department = 'FUEL' AND last_months(day, 12) GROUP BY household HAVING count(*) >= 5;

-- segment one_stop_shoppers
SELECT household AS id FROM line WHERE last_months(day, 12) GROUP BY household HAVING count(DISTINCT department) >= 10;

-- segment narrow_shoppers
SELECT household AS id FROM line WHERE last_months(day, 12) GROUP BY household
HAVING count(DISTINCT basket) >= 20 AND count(DISTINCT department) <= 4;

-- segment private_label_fans
SELECT household AS id FROM line GROUP BY household
HAVING count(*) FILTER (brand = 'Private') / count(*) >= 0.4 AND count(DISTINCT basket) FILTER (last_months(day, 12)) >= 10;

-- segment brand_loyal
SELECT household AS id FROM line GROUP BY household
HAVING 6 * count(*) FILTER (brand = 'Private') < count(*) AND count(DISTINCT basket) FILTER (last_months(day, 12)) >= 10;

-- segment weekend_shoppers
SELECT household AS id FROM line GROUP BY household
HAVING 3 * count(DISTINCT basket) FILTER (isodow(day) IN (6, 7)) >= 2 * count(DISTINCT basket)
   AND count(DISTINCT basket) FILTER (last_months(day, 12)) >= 12;

-- segment evening_shoppers
SELECT household AS id FROM line GROUP BY household
HAVING 2 * count(DISTINCT basket) FILTER (hour(local_time) >= 18) > count(DISTINCT basket)
   AND count(DISTINCT basket) FILTER (last_months(day, 12)) >= 12;

-- segment stock_up_shoppers
SELECT household AS id FROM basket WHERE amount >= 100 AND last_months(day, 6) GROUP BY household HAVING count(*) >= 6;

-- segment top_up_shoppers
SELECT m.household AS id FROM median_basket m JOIN trips_12m t ON t.household = m.household
WHERE m.value < 15 AND t.value > 52;

-- segment never_small
SELECT household AS id FROM basket WHERE last_months(day, 6) GROUP BY household HAVING count(*) >= 10 AND min(amount) >= 20;

-- segment produce_first
SELECT household AS id
FROM (SELECT household, department, row_number() OVER (PARTITION BY household ORDER BY count(*) DESC, department) AS place
      FROM line WHERE department <> 'GROCERY' AND last_months(day, 12) GROUP BY household, department)
WHERE place = 1 AND department = 'PRODUCE';
