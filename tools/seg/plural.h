// "customers" of `customer`: what a table of rows calls several of a subject. Only English words get an English plural;
// a name of another language stands as it is. In: a name of the schema. Out: the word for several.
#pragma once

#include <string>

namespace seg::tool {

std::string plural_of(const std::string& name);

}  // namespace seg::tool
