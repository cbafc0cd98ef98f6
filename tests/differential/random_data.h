// A fixed schema that holds every kind of table and column, and random data for it: small domains so that values meet,
// missing values, customers without events and with many, equal instants, midnights, month ends, leap days, clock
// changes, extreme numbers.
#pragma once

#include "base/binding.h"
#include "base/schema.h"
#include "runtime/vector/column.h"
#include "tests/differential/random_source.h"

namespace seg::differential {

// Tables of the schema, by id.
enum TableNumber : base::TableId {
  kAccount,
  kProduct,
  kCustomer,
  kPurchase,  // time, no key
  kVisit,     // dated, with a key
  kCall,      // time
  kDevice,    // records
  kClimate,   // lookup
  kContact,   // union of purchase and call
  kBasket,    // purchases grouped by basket
};

// Without what needs expressions: the union's filter and the computed columns of baskets (random_program.cpp adds
// them).
base::Schema differential_schema();

base::Binding random_binding(RandomSource& random);

// `sorted`: children stand in the order of their owners.
vector::Dataset random_dataset(const base::Schema& schema, const base::Binding& binding, RandomSource& random);

// The domains that values come from, which literals are drawn from as well.
base::Value random_value(const base::Schema& schema, const base::Type& type, const base::Binding& binding,
                         RandomSource& random);

}  // namespace seg::differential
