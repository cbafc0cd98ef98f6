#include "tools/init/column_type.h"

#include <doctest/doctest.h>

#include "tests/unit/init/written_files.h"

namespace seg::init {
namespace {

using base::TypeKind;

// The guess for one CSV column with these values, each `times` times.
TypeGuess guess(const std::string& name, const std::vector<std::string>& values, int times = 1) {
  std::string text = "filler," + name + "\n";
  int row = 0;
  for (int i = 0; i < times; ++i) {
    for (const std::string& value : values) text += "x" + std::to_string(++row) + ",\"" + value + "\"\n";
  }
  const WrittenFiles files{{"a.csv", text}};
  const auto inputs = files.inputs();
  return guess_type(inputs[0].sample.columns[1], inputs[0].sample, std::nullopt);
}

}  // namespace

TEST_CASE("numbers, money, texts that look like numbers") {
  CHECK(guess("visits", {"1", "20", "3"}).kind == TypeKind::kInteger);
  CHECK(guess("weight", {"1.5", "20", "3"}).kind == TypeKind::kNumber);
  CHECK(guess("price", {"1.50", "20", "3"}).kind == TypeKind::kMoney);
  CHECK(guess("price_factor", {"1.50", "20", "3"}).kind == TypeKind::kNumber);
  CHECK(guess("Rabatt %", {"5", "10.5"}).kind == TypeKind::kNumber);
  CHECK(guess("value", {"1.5", "2.1"}).kind == TypeKind::kNumber);
  CHECK(guess("value", {"1.50", "2.15"}).kind == TypeKind::kMoney);
  CHECK(guess("code", {"007", "123", "456"}).kind == TypeKind::kText);
  CHECK(guess("zip", {"10115", "80331"}).kind == TypeKind::kText);
}

TEST_CASE("every value must fit") {
  std::vector<std::string> values;
  for (int i = 0; i < 50; ++i) values.push_back(std::to_string(i * 3));
  CHECK(guess("visits", values).kind == TypeKind::kInteger);
  values.push_back("many");
  const TypeGuess mixed = guess("visits", values);
  CHECK(mixed.kind == TypeKind::kText);
  CHECK(mixed.remark.find("mixed") != std::string::npos);
  values.back() = "n/a";
  const TypeGuess with_nulls = guess("visits", values);
  CHECK(with_nulls.kind == TypeKind::kInteger);
  CHECK(with_nulls.null_words == std::vector<std::string>{"n/a"});
}

TEST_CASE("flags") {
  CHECK(guess("newsletter", {"yes", "no"}, 3).kind == TypeKind::kFlag);
  CHECK(guess("newsletter", {"True", "False"}, 3).kind == TypeKind::kFlag);
  CHECK(guess("is_vip", {"0", "1"}, 3).kind == TypeKind::kFlag);
  CHECK(guess("kids", {"0", "1"}, 3).kind == TypeKind::kInteger);
  CHECK(guess("newsletter", {"ja", "nein"}, 4).kind == TypeKind::kFlag);
  CHECK(guess("newsletter", {"Oui", "non", "NON"}, 4).kind == TypeKind::kFlag);
  CHECK(guess("خبرنامه", {"بله", "خیر"}, 4).kind == TypeKind::kFlag);
  CHECK(guess("newsletter", {"ja", "nein", "vielleicht"}, 4).kind == TypeKind::kChoice);
  // Of two languages, and words of another matter.
  CHECK(guess("spoken", {"da", "no"}, 4).kind == TypeKind::kChoice);
  CHECK(guess("language", {"si", "no"}, 4).kind == TypeKind::kChoice);
  CHECK(guess("country", {"SI", "NO"}, 4).kind != TypeKind::kFlag);
}

TEST_CASE("dates and times in text, with their format") {
  CHECK(guess("d", {"2025-12-31"}).kind == TypeKind::kDate);
  CHECK(guess("d", {"2025-12-31"}).format.empty());
  CHECK(guess("d", {"2025-12-31T10:00:00Z"}).kind == TypeKind::kTime);
  CHECK(guess("d", {"31.12.2025", "1.2.2025"}).format == "d.M.yyyy");
  CHECK(guess("d", {"31.12.2025 8:15"}).format == "d.M.yyyy H:mm");
  CHECK(guess("d", {"31.12.2025 8:15"}).kind == TypeKind::kTime);
  CHECK(guess("d", {"12/31/2025", "01/02/2025"}).format == "M/d/yyyy");
  CHECK(guess("d", {"31/12/2025", "01/02/2025"}).format == "d/M/yyyy");
  CHECK(guess("d", {"31 Dec 2025"}).format == "d MMM yyyy");
  CHECK(guess("order_date", {"20250131", "20250201"}).kind == TypeKind::kDate);
  CHECK(guess("amount_left", {"20250131", "20250201"}).kind == TypeKind::kMoney);
}

TEST_CASE("dates whose order is not clear, and other calendars") {
  const TypeGuess unclear = guess("d", {"03/04/2025", "05/06/2025"});
  CHECK(unclear.format == "d/M/yyyy");
  CHECK(unclear.is_order_unclear);
  CHECK_FALSE(guess("d", {"13/04/2025"}).is_order_unclear);
  const TypeGuess persian = guess("d", {"1404/05/12", "1398/11/01"});
  CHECK(persian.kind == TypeKind::kText);
  CHECK(persian.remark.find("calendar") != std::string::npos);
}

TEST_CASE("versions") {
  CHECK(guess("os_version", {"12.4", "9.3"}).kind == TypeKind::kVersion);
  CHECK(guess("build", {"12.4.133", "9.3.250"}).kind == TypeKind::kVersion);
  CHECK(guess("geburtsdatum", {"12.4.1980", "9.3.1990"}).kind == TypeKind::kDate);
}

TEST_CASE("choices and ranked choices") {
  const TypeGuess channel = guess("channel", {"web", "shop", "in store"}, 4);
  CHECK(type_text(channel) == "choice of [\"in store\", shop, web]");
  CHECK(type_text(guess("tier", {"gold", "silver", "bronze"}, 3)) == "ranked choice of [bronze < silver < gold]");
  CHECK(guess("channel", {"web", "shop", "app"}, 1).kind == TypeKind::kText);  // too few rows to know
  CHECK(guess("city", {"Rome", "Oslo"}, 9).kind == TypeKind::kText);
  CHECK(guess("city", {"Rome", "Oslo"}, 9).is_folded);
  CHECK(guess("loyalty", {"none", "red", "blue"}, 5).choice.size() == 3);
  const TypeGuess income = guess("band", {"15-24K", "25-34K", "250K+", "-"}, 5);
  CHECK(income.is_ranked);
  CHECK(income.null_words == std::vector<std::string>{"-"});
}

TEST_CASE("lists") {
  CHECK(guess("interests", {"a|b", "b", "a|b|c", "c"}, 2).list_separator == '|');
  CHECK(type_text(guess("interests", {"a|b", "b", "a|b|c", "c"}, 2)) == "list of text");
  CHECK(guess("tags", {"run;tea", "tea;coffee", "run;coffee", "run;tea;coffee"}).list_separator == ';');
  CHECK(guess("address", {"Main St, 1, Oslo", "Main St, 2, Oslo"}).kind == TypeKind::kText);
}

TEST_CASE("nothing in it") { CHECK_FALSE(guess("empty", {"", " ", ""}).is_usable); }

TEST_CASE("currencies that names tell") {
  CHECK(currency_of_name("price_eur") == "EUR");
  CHECK(currency_of_name("Umsatz (€)") == "EUR");
  CHECK(currency_of_name("amountUSD") == "USD");
  CHECK(currency_of_name("amount").empty());
}

}  // namespace seg::init
