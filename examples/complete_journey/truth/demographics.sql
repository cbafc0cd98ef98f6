-- Who they are (segments/demographics.seg): straight from the survey's answers. A missing answer is NULL, and a
-- comparison with NULL is not true, in SQL as in Seg.

-- segment young_households
SELECT id FROM household WHERE age IN ('19-24', '25-34');

-- segment seniors
SELECT id FROM household WHERE age = '65+';

-- segment families
SELECT id FROM household WHERE composition IN ('1 Adult Kids', '2 Adults Kids');

-- segment single_parents
SELECT id FROM household WHERE composition = '1 Adult Kids';

-- segment large_families
SELECT id FROM household WHERE size = '5+' OR kids = '3+';

-- segment middle_aged_families
SELECT id FROM household WHERE age IN ('35-44', '45-54') AND kids IN ('1', '2', '3+');

-- segment couples_without_kids
SELECT id FROM household WHERE composition = '2 Adults No Kids' AND marital_status = 'Married';

-- segment renters
SELECT id FROM household WHERE home_ownership IN ('Renter', 'Probable Renter');

-- segment affluent
SELECT id FROM household
WHERE (size IN ('4', '5+') AND income IN ('125-149K', '150-174K', '175-199K', '200-249K', '250K+'))
   OR (size IN ('1', '2', '3') AND income IN ('100-124K', '125-149K', '150-174K', '175-199K', '200-249K', '250K+'));

-- segment empty_nesters
SELECT id FROM household
WHERE age IN ('45-54', '55-64', '65+') AND composition = '2 Adults No Kids' AND income_rank >= 6;

-- segment stretched_families
SELECT id FROM household
WHERE kids IN ('1', '2', '3+')
  AND coalesce(income_rank <= 3, false)::INT + coalesce(home_ownership IN ('Renter', 'Probable Renter'), false)::INT
    + coalesce(size IN ('4', '5+'), false)::INT + coalesce(composition = '1 Adult Kids', false)::INT >= 2;

-- segment settled_homeowners
-- `none of` needs each of its items to be false: an unknown age keeps a household out.
SELECT id FROM household
WHERE home_ownership = 'Homeowner' AND age NOT IN ('19-24', '25-34') AND id NOT IN (SELECT id FROM stretched_families);

-- segment survey_wanted
SELECT h.id FROM household h
WHERE h.age IS NULL AND (SELECT sum(amount) FROM line l WHERE l.household = h.id AND last_months(l.day, 12)) >= 3000;

-- partition income_group
SELECT id AS household,
       CASE WHEN income IS NULL THEN 'unanswered'
            WHEN income IN ('125-149K', '150-174K', '175-199K', '200-249K', '250K+') THEN 'high'
            WHEN income IN ('75-99K', '100-124K') THEN 'upper'
            WHEN income IN ('35-49K', '50-74K') THEN 'middle'
            ELSE 'low' END AS tier
FROM household;
