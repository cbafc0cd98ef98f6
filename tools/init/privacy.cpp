#include "tools/init/privacy.h"

#include <algorithm>

#include "tools/init/name.h"

namespace seg::init {
namespace {

bool is_email(std::string_view text) {
  const std::size_t at = text.find('@');
  if (at == std::string_view::npos || at == 0 || text.find('@', at + 1) != std::string_view::npos) return false;
  const std::size_t dot = text.rfind('.');
  return dot != std::string_view::npos && dot > at + 1 && dot + 1 < text.size() &&
         text.find(' ') == std::string_view::npos;
}

// +98 21 1234 5678, (030) 123-456: digits with the signs of telephone numbers between them.
bool is_phone(std::string_view text) {
  std::size_t digits = 0;
  bool has_sign = text.starts_with("+") || text.starts_with("00");
  for (const char c : text) {
    if (c >= '0' && c <= '9') {
      ++digits;
    } else if (c == '(' || c == ')' || c == ' ' || c == '-' || c == '/') {
      has_sign = true;
    } else if (c != '+' && c != '.') {
      return false;
    }
  }
  return has_sign && digits >= 8 && digits <= 15;
}

template <class Is>
bool mostly(const io::SampleColumn& column, const Is& is) {
  if (column.kind != io::SampleKind::kText || column.examples.empty() || !column.formats.empty()) return false;
  const auto num = std::count_if(column.examples.begin(), column.examples.end(), is);
  return static_cast<std::size_t>(num) * 10 >= column.examples.size() * 8;
}

}  // namespace

bool is_consent(const std::vector<std::string>& words) {
  const std::string name = joined(words);
  return has_word(words, {"consent", "consented", "opt", "optin", "optout", "newsletter", "gdpr", "dsgvo", "subscribed",
                          "unsubscribed", "einwilligung", "permission", "marketing"}) ||
         name.find("opt_in") != std::string::npos || name.find("رضایت") != std::string::npos;
}

bool names_birth(const std::vector<std::string>& words) {
  return has_word(
      words, {"birth", "birthday", "birthdate", "dob", "born", "geburtsdatum", "geburtstag", "nascimento", "naissance",
              "nacimiento", "nascita", "geboortedatum", "urodzenia", "рождения", "doğum", "ծննդյան", "تولد"});
}

base::Privacy privacy_of(const std::vector<std::string>& words, const io::SampleColumn& column, bool is_person) {
  using base::Privacy;
  if (has_word(words, {"religion",   "religious",  "faith",      "health",   "disease",   "diagnosis",
                       "illness",    "medication", "ethnicity",  "ethnic",   "race",      "political",
                       "politics",   "party",      "union",      "sexual",   "sexuality", "orientation",
                       "biometric",  "genetic",    "disability", "disabled", "pregnant",  "pregnancy",
                       "konfession", "gesundheit", "مذهب",       "دین",      "بیماری",    "قومیت"})) {
    const bool is_other = has_word(words, {"screen", "party"}) && !is_person;  // screen_orientation, third_party
    if (!is_other) return Privacy::kSensitive;
  }
  const auto pair = [&](std::string_view first, std::string_view second) {
    return has_word(words, {first}) && has_word(words, {second});
  };
  if (names_birth(words)) return Privacy::kPersonal;
  if (has_word(words, {"email",        "mail",     "phone",     "telephone", "mobile",  "tel",       "fax",
                       "birth",        "birthday", "birthdate", "dob",       "born",    "firstname", "lastname",
                       "surname",      "forename", "fullname",  "passport",  "ssn",     "iban",      "ip",
                       "geburtsdatum", "telefon",  "telefone",  "telefono",  "vorname", "nachname",  "ایمیل",
                       "تلفن",         "موبایل",   "همراه",     "تولد",      "آدرس",    "نشانی"}) ||
      pair("first", "name") || pair("last", "name") || pair("full", "name") || pair("family", "name") ||
      pair("national", "id") || pair("national", "code") || pair("tax", "id") || pair("کد", "ملی")) {
    return Privacy::kPersonal;
  }
  if (mostly(column, is_email) || mostly(column, is_phone)) return Privacy::kPersonal;
  if (!is_person) return Privacy::kPlain;
  if (has_word(words, {"name",     "gender",    "sex",        "age",         "address", "street",   "zip",
                       "postal",   "postcode",  "plz",        "income",      "salary",  "marital",  "married",
                       "latitude", "longitude", "lat",        "lon",         "lng",     "location", "home",
                       "kids",     "children",  "household",  "nationality", "nom",     "nome",     "nombre",
                       "prenom",   "apellido",  "cognome",    "sobrenome",   "имя",     "фамилия",  "անուն",
                       "strasse",  "straße",    "geschlecht", "نام",         "جنسیت",   "سن",       "درآمد"})) {
    return Privacy::kPersonal;
  }
  return Privacy::kPlain;
}

}  // namespace seg::init
