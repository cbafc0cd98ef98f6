// Results out: each layout in each format, read back; outputs that can't be written.
#include <arrow/array.h>
#include <arrow/table.h>
#include <arrow/type.h>
#include <doctest/doctest.h>
#include <sys/resource.h>
#include <unistd.h>

#include <csignal>

#include "runtime/io/sink.h"
#include "tests/unit/io/arrow_files.h"
#include "tests/unit/io/loading.h"

namespace {

using namespace seg;
using namespace seg::io;
using namespace seg::io::testing;
using base::TypeKind;

// Five customers; one output of each kind.
struct Sample {
  std::vector<std::int64_t> ids = {10, 20, 30, 40, 50};
  std::vector<std::uint64_t> members = {0b10101};
  std::vector<std::int8_t> tiers = {0, 1, 1, 0, 0};
  std::uint64_t tier_valid = 0b01111;
  std::vector<std::int64_t> money = {12'5000, -625, 0, 10'0000, 0};
  std::uint64_t money_valid = 0b01011;
  std::vector<double> ratio = {0.5, 0.1, 3, 1e20, 0};
  std::vector<std::int64_t> times = {0, 1'782'842'400'500'000, 0, 0, 0};
  std::vector<std::int32_t> days = {0, 20'634, -1, 0, 0};
  vector::Column key;
  Results results;

  template <class T>
  vector::Column column(vector::Storage storage, const std::vector<T>& values, const std::uint64_t* valid = nullptr) {
    vector::Column made;
    made.storage = storage;
    made.num_rows = values.size();
    made.data = values.data();
    made.valid = valid;
    return made;
  }

  Sample() {
    key = column(vector::Storage::kInt64, ids);
    results.num_rows = 5;
    results.keys = {{"customer_id", TypeKind::kInteger, &key}};
    ResultColumn segment;
    segment.name = "vip";
    segment.members = members;
    ResultColumn partition;
    partition.name = "loyalty";
    partition.kind = ResultKind::kPartition;
    partition.column = column(vector::Storage::kInt8, tiers, &tier_valid);
    partition.labels = {"gold", "the, \"rest\""};
    ResultColumn spend;
    spend.name = "spend";
    spend.kind = ResultKind::kValue;
    spend.type = type(TypeKind::kMoney);
    spend.column = column(vector::Storage::kInt64, money, &money_valid);
    ResultColumn share = spend;
    share.name = "ratio";
    share.type = type(TypeKind::kNumber);
    share.column = column(vector::Storage::kFloat64, ratio);
    ResultColumn last = spend;
    last.name = "last";
    last.type = type(TypeKind::kTime);
    last.column = column(vector::Storage::kInt64, times);
    ResultColumn day = spend;
    day.name = "day";
    day.type = type(TypeKind::kDate);
    day.column = column(vector::Storage::kInt32, days);
    results.columns = {segment, partition, spend, share, last, day};
  }
};

base::Status write_to(const Results& results, const std::string& path, Layout layout = Layout::kWide,
                      Format format = Format::kByName) {
  return write(results, {path, format, layout});
}

const std::string kWide =
    "customer_id,vip,loyalty,spend,ratio,last,day\n"
    "10,true,gold,12.50,0.5,1970-01-01T00:00:00Z,1970-01-01\n"
    "20,false,\"the, \"\"rest\"\"\",-0.0625,0.1,2026-06-30T18:00:00.5Z,2026-06-30\n"
    "30,true,\"the, \"\"rest\"\"\",,3,1970-01-01T00:00:00Z,1969-12-31\n"
    "40,false,gold,10.00,1e+20,1970-01-01T00:00:00Z,1970-01-01\n"
    "50,true,,,0,1970-01-01T00:00:00Z,1970-01-01\n";

TEST_CASE("wide CSV") {
  Folder folder;
  REQUIRE(write_to(Sample().results, folder.path("out.csv")).ok());
  CHECK(folder.read("out.csv") == kWide);
}

TEST_CASE("long CSV") {
  Folder folder;
  Sample sample;
  sample.results.columns.resize(3);
  REQUIRE(write_to(sample.results, folder.path("out.csv"), Layout::kLong).ok());
  CHECK(folder.read("out.csv") ==
        "output,key,value\nvip,10,\nvip,30,\nvip,50,\nloyalty,10,gold\nloyalty,20,\"the, \"\"rest\"\"\"\n"
        "loyalty,30,\"the, \"\"rest\"\"\"\nloyalty,40,gold\nspend,10,12.50\nspend,20,-0.0625\nspend,40,10.00\n");
}

TEST_CASE("wide JSON lines") {
  Folder folder;
  Sample sample;
  sample.results.columns.resize(4);
  REQUIRE(write_to(sample.results, folder.path("out.jsonl")).ok());
  const std::string text = folder.read("out.jsonl");
  CHECK(text.starts_with(
      "{\"customer_id\":10,\"vip\":true,\"loyalty\":\"gold\",\"spend\":12.50,\"ratio\":0.5}\n"
      "{\"customer_id\":20,\"vip\":false,\"loyalty\":\"the, \\\"rest\\\"\",\"spend\":-0.0625,\"ratio\":0.1}\n"));
  CHECK(text.ends_with("{\"customer_id\":50,\"vip\":true,\"loyalty\":null,\"spend\":null,\"ratio\":0}\n"));
}

TEST_CASE("wide Parquet and Arrow have the values' own types") {
  for (const char* name : {"out.parquet", "out.arrow"}) {
    Folder folder;
    REQUIRE(write_to(Sample().results, folder.path(name)).ok());
    const auto table = read_table(folder.path(name));
    CHECK(table->schema()->ToString(false) ==
          "customer_id: int64 not null\nvip: bool not null\nloyalty: string\nspend: decimal128(38, 4)\nratio: double\n"
          "last: timestamp[us, tz=UTC]\nday: date32[day]");
    CHECK(table->num_rows() == 5);
    CHECK(table->column(3)->chunk(0)->ToString().find("-0.0625") != std::string::npos);
    CHECK(table->column(2)->null_count() == 1);
  }
}

TEST_CASE("what was written can be a source") {
  Folder folder;
  for (const char* name : {"out.parquet", "out.arrow", "out.csv", "out.jsonl"}) {
    REQUIRE(write_to(Sample().results, folder.path(name)).ok());
    Model model;
    model.subject({{"customer_id", type(TypeKind::kInteger)},
                   {"vip", type(TypeKind::kFlag)},
                   {"loyalty", type(TypeKind::kText)},
                   {"spend", type(TypeKind::kMoney)},
                   {"ratio", type(TypeKind::kNumber)},
                   {"last", type(TypeKind::kTime)},
                   {"day", type(TypeKind::kDate)}});
    model.source("customer", folder.path(name));
    const Loaded loaded(model);
    REQUIRE_MESSAGE(loaded.data, loaded.findings());
    CHECK(loaded.column(0, 1) == "true ; false ; true ; false ; true");
    CHECK(loaded.column(0, 2) == "gold ; the, \"rest\" ; the, \"rest\" ; gold ; -");
    CHECK(loaded.column(0, 3) == "12.50 ; -0.0625 ; - ; 10.00 ; -");
    CHECK(loaded.column(0, 5).find("2026-06-30T18:00:00.5Z") != std::string::npos);
  }
}

TEST_CASE("a folder of members") {
  Folder folder;
  const Sample sample;
  REQUIRE(write_to(sample.results, folder.path("members"), Layout::kFolder).ok());
  CHECK(folder.read("members/vip.csv") == "customer_id\n10\n30\n50\n");
  CHECK(folder.read("members/loyalty.gold.csv") == "customer_id\n10\n40\n");
  CHECK(folder.read("members/loyalty.the, \"rest\".csv") == "customer_id\n20\n30\n");
  // A second run takes the place of the first.
  Sample other;
  other.results.columns.resize(1);
  REQUIRE(write_to(other.results, folder.path("members/"), Layout::kFolder, Format::kParquet).ok());
  CHECK(std::filesystem::exists(folder.path("members/vip.parquet")));
  CHECK_FALSE(std::filesystem::exists(folder.path("members/vip.csv")));
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), std::filesystem::directory_iterator()) == 1);
  // But never of something else.
  folder.write("mine/letter.txt", "keep");
  const base::Status refused = write_to(sample.results, folder.path("mine"), Layout::kFolder);
  CHECK(refused.code() == base::Code::output_not_writable);
  CHECK(folder.read("mine/letter.txt") == "keep");
}

TEST_CASE("keys of several fields, text keys, references") {
  Folder folder;
  auto dictionary = std::make_shared<vector::Dictionary>();
  dictionary->append("north");
  dictionary->append("süd");
  const std::vector<std::int8_t> shops = {0, 1, 1};
  const std::vector<std::int64_t> numbers = {1, 1, 2};
  const std::vector<std::uint32_t> rows = {2, vector::kNoRow, 0};
  Sample maker;
  vector::Column shop = maker.column(vector::Storage::kInt8, shops);
  shop.dictionary = dictionary;
  const vector::Column number = maker.column(vector::Storage::kInt64, numbers);
  Results results;
  results.num_rows = 3;
  results.keys = {{"shop", TypeKind::kText, &shop}, {"number", TypeKind::kInteger, &number}};
  ResultColumn last;
  last.name = "last_shop";
  last.kind = ResultKind::kValue;
  last.type = type(TypeKind::kReference, 0);
  last.column = maker.column(vector::Storage::kRow, rows);
  last.referenced = {"shop", TypeKind::kText, &shop};
  results.columns = {last};
  REQUIRE(write_to(results, folder.path("out.csv")).ok());
  CHECK(folder.read("out.csv") == "shop,number,last_shop\nnorth,1,süd\nsüd,1,\nsüd,2,north\n");
  REQUIRE(write_to(results, folder.path("long.csv"), Layout::kLong).ok());
  CHECK(folder.read("long.csv") == "output,shop,number,value\nlast_shop,north,1,süd\nlast_shop,süd,2,north\n");
}

TEST_CASE("nobody at all") {
  Folder folder;
  Sample sample;
  sample.results.num_rows = 0;
  for (const char* name : {"a.csv", "a.jsonl", "a.parquet", "a.arrow"})
    CHECK(write_to(sample.results, folder.path(name)).ok());
  CHECK(folder.read("a.csv") == kWide.substr(0, kWide.find('\n') + 1));
  CHECK(read_table(folder.path("a.parquet"))->num_rows() == 0);
}

TEST_CASE("many rows go out in batches") {
  Folder folder;
  const std::uint64_t n = 200'001;
  std::vector<std::int64_t> ids(n);
  std::vector<std::uint64_t> members((n + 63) / 64);
  for (std::uint64_t i = 0; i < n; ++i) {
    ids[i] = static_cast<std::int64_t>(i);
    if (i % 3 == 0) members[i / 64] |= std::uint64_t{1} << (i % 64);
  }
  Sample maker;
  const vector::Column key = maker.column(vector::Storage::kInt64, ids);
  Results results;
  results.num_rows = n;
  results.keys = {{"id", TypeKind::kInteger, &key}};
  ResultColumn segment;
  segment.name = "third";
  segment.members = members;
  results.columns = {segment};
  REQUIRE(write_to(results, folder.path("a.parquet")).ok());
  Model model;
  model.subject({{"id", type(TypeKind::kInteger)}, {"third", type(TypeKind::kFlag)}});
  model.source("customer", folder.path("a.parquet"));
  const Loaded loaded(model);
  REQUIRE(loaded.num_rows(0) == n);
  for (std::uint64_t i = 0; i < n; i += 997) CHECK(loaded.cell(0, 1, i) == (i % 3 == 0 ? "true" : "false"));
  REQUIRE(write_to(results, folder.path("b.csv"), Layout::kLong).ok());
  const std::string text = folder.read("b.csv");
  CHECK(std::count(text.begin(), text.end(), '\n') == 66'668);
}

TEST_CASE("outputs that can't be written leave nothing behind") {
  Folder folder;
  const Sample sample;
  CHECK(write_to(sample.results, folder.path("nowhere/out.csv")).code() == base::Code::output_not_writable);
  CHECK(write_to(sample.results, folder.path()).code() == base::Code::output_not_writable);
  folder.write("file", "");
  CHECK(write_to(sample.results, folder.path("file"), Layout::kFolder).code() == base::Code::output_not_writable);
  CHECK(write_to(sample.results, folder.path("nowhere/members"), Layout::kFolder).code() ==
        base::Code::output_not_writable);
}

TEST_CASE("a file that grows beyond its limit is a failure, in every format") {
  Folder folder;
  folder.write("out.csv", "before");
  ::rlimit old{};
  ::getrlimit(RLIMIT_FSIZE, &old);
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ::rlimit small = old;
  small.rlim_cur = 64;
  ::setrlimit(RLIMIT_FSIZE, &small);
  std::vector<base::Status> all;
  for (const char* name : {"out.csv", "out.jsonl", "out.parquet", "out.arrow"})
    all.push_back(write_to(Sample().results, folder.path(name)));
  all.push_back(write_to(Sample().results, folder.path("members"), Layout::kFolder, Format::kParquet));
  ::setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, handler);
  for (const base::Status& status : all) {
    REQUIRE_FALSE(status.ok());
    CHECK(status.code() == base::Code::output_not_writable);
  }
  CHECK(folder.read("out.csv") == "before");
  CHECK(std::distance(std::filesystem::directory_iterator(folder.path()), std::filesystem::directory_iterator()) == 1);
}

TEST_CASE("a full disk") {
  if (::access("/dev/full", W_OK) != 0) return;
  // Standard output on a full device.
  const int saved = ::dup(STDOUT_FILENO);
  REQUIRE(std::freopen("/dev/full", "w", stdout) != nullptr);
  const base::Status status = write_to(Sample().results, "-");
  ::fflush(stdout);
  ::dup2(saved, STDOUT_FILENO);
  ::close(saved);
  std::clearerr(stdout);
  REQUIRE_FALSE(status.ok());
  CHECK(status.code() == base::Code::disk_full);
}

}  // namespace
