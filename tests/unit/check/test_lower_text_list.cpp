// What text list expressions become: each rule as the condition of a segment of checked_rule.cpp's schema.
#include "tests/unit/check/checked_rule.h"

LOWERS("name contains \"shop\"", "contains(customer.name, \"shop\")")
LOWERS("city contains \"Téh\"", "contains(fold(customer.city), \"teh\")")
LOWERS("email ends with \".org\"", "ends_with(customer.email, \".org\")")
LOWERS("city starts with \"São\"", "starts_with(fold(customer.city), \"sao\")")
LOWERS("name matches \"(Dr|Prof)\"", "matches(customer.name, \"(Dr|Prof)\")")
LOWERS("country contains any of [\"A\", \"B\"]",
       "logical_or(contains(customer.country, \"A\"), contains(customer.country, \"B\"))")
LOWERS("country contains all of [\"A\", \"B\"]",
       "logical_and(contains(customer.country, \"A\"), contains(customer.country, \"B\"))")
LOWERS("interests contains \"sport\"", "list_contains(customer.interests, \"sport\")")
LOWERS("interests contains any of [\"sport\", \"art\"]", "list_contains_any(customer.interests, [\"sport\", \"art\"])")
LOWERS("interests contains all of [\"sport\", \"art\"]", "list_contains_all(customer.interests, [\"sport\", \"art\"])")
LOWERS("tags contains \"Été\"", "list_contains(fold(customer.tags), \"ete\")")
LOWERS("tags contains any of [\"Sport\", \"Été\"]", "list_contains_any(fold(customer.tags), [\"sport\", \"ete\"])")
LOWERS_WITH("interests contains any of places", "list places = [\"DE\", \"FR\"]",
            "list_contains_any(customer.interests, [\"DE\", \"FR\"])")
LOWERS("size(interests) >= 2", "ge(list_size(customer.interests), 2)")
LOWERS("length(name) > 3", "gt(length(customer.name), 3)")
LOWERS("lower(country) is \"de\"", "eq(lower(customer.country), \"de\")")
LOWERS("fold(name) is \"Émile\"", "eq(fold(customer.name), \"emile\")")
LOWERS("trim(lower(name)) starts with \"a\"", "starts_with(trim(lower(customer.name)), \"a\")")
