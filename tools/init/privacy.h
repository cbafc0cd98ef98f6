// Which columns say something about a person, and what of it needs special care (GDPR article 9).
// In: a column's name and values, and whether its rows are people. Out: a privacy class. Part of `seg init`: a proposal
// that people look at, generous rather than sparing.
#pragma once

#include <string>
#include <vector>

#include "base/schema.h"
#include "runtime/io/sample.h"

namespace seg::init {

// `is_person`: a row of the table is a person; else only what names someone wherever it stands counts.
base::Privacy privacy_of(const std::vector<std::string>& words, const io::SampleColumn& column, bool is_person);
// birth_date, Geburtsdatum, data de nascimento: a person's, and never when an event was.
bool names_birth(const std::vector<std::string>& words);
// consent_email, newsletter, opt_in …
bool is_consent(const std::vector<std::string>& words);

}  // namespace seg::init
