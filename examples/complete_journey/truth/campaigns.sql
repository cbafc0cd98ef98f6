-- Who gets mailings, and who answers (segments/campaigns.seg).

-- segment targeted
SELECT DISTINCT household AS id FROM mailing;

-- segment targeted_now
SELECT DISTINCT household AS id FROM mailing WHERE as_of() BETWEEN first_day AND last_day;

-- segment responders
SELECT household AS id FROM redemption GROUP BY household HAVING count(DISTINCT campaign) >= 2;

-- segment deaf_to_campaigns
SELECT household AS id FROM mailing GROUP BY household
HAVING count(*) >= 5 AND household NOT IN (SELECT household FROM redemption);

-- segment type_a_responders
SELECT DISTINCT r.household AS id FROM redemption r SEMI JOIN mailing m ON m.household = r.household
WHERE r.kind = 'Type A' AND last_months(r.day, 12);

-- segment autumn_responders
SELECT DISTINCT household AS id FROM redemption WHERE campaign = 18 AND day BETWEEN '2017-10-30' AND '2017-12-24';

-- segment repeat_redeemers
-- the gaps between coupons sum up to the time between the first and the last of them
SELECT household AS id FROM redemption GROUP BY household
HAVING count(*) >= 5 AND (max(day) - min(day)) / (count(*) - 1) <= 30;

-- segment small_campaigns_only
SELECT household AS id FROM mailing GROUP BY household HAVING count(*) >= 2 AND bool_and(kind IN ('Type B', 'Type C'));

-- segment overlooked
SELECT s.household AS id FROM spend_12m s
WHERE s.value >= 1500 AND s.household IN (SELECT id FROM active) AND s.household NOT IN (SELECT household FROM mailing);

-- segment ends_soon
-- the next eight days begin with the as-of day
SELECT DISTINCT household AS id FROM mailing
WHERE last_day >= as_of() AND last_day < as_of() + 8
  AND household NOT IN (SELECT household FROM redemption WHERE last_days(day, 42));
