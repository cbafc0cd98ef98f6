// Outputs appear whole or not at all: full disks, folders that can't be written, interrupts.
#include <doctest/doctest.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include "base/atomic_file.h"

using namespace seg::base;
namespace fs = std::filesystem;

namespace {

struct Folder {
  fs::path path = fs::temp_directory_path() / ("seg_atomic_file_" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() {
    fs::permissions(path, fs::perms::owner_all);
    fs::remove_all(path);
  }
  std::string file(const std::string& name) const { return (path / name).string(); }
  std::size_t num_files() const { return static_cast<std::size_t>(std::distance(fs::directory_iterator(path), {})); }
};

std::string content(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

}  // namespace

TEST_CASE("a file appears when it is committed, not before") {
  const Folder folder;
  Result<AtomicFile> file = AtomicFile::create(folder.file("a.csv"));
  REQUIRE(file.ok());
  CHECK(file->write("one\n").ok());
  CHECK(file->write("two\n").ok());
  CHECK_FALSE(fs::exists(folder.file("a.csv")));
  CHECK(file->commit().ok());
  CHECK(content(folder.file("a.csv")) == "one\ntwo\n");
  CHECK(folder.num_files() == 1);
}

TEST_CASE("what is not committed leaves nothing behind, and the old file as it was") {
  const Folder folder;
  REQUIRE(write_file(folder.file("a.csv"), "old").ok());
  {
    Result<AtomicFile> file = AtomicFile::create(folder.file("a.csv"));
    CHECK(file->write("new").ok());
  }
  CHECK(content(folder.file("a.csv")) == "old");
  CHECK(folder.num_files() == 1);
}

TEST_CASE("the old file is replaced, its mode kept") {
  const Folder folder;
  REQUIRE(write_file(folder.file("a.csv"), "old and longer").ok());
  ::chmod(folder.file("a.csv").c_str(), 0640);
  REQUIRE(write_file(folder.file("a.csv"), "new").ok());
  CHECK(content(folder.file("a.csv")) == "new");
  CHECK((fs::status(folder.file("a.csv")).permissions() & fs::perms::all) == static_cast<fs::perms>(0640));
}

TEST_CASE("a file larger than is allowed: a clear answer and no trace") {
  const Folder folder;
  REQUIRE(write_file(folder.file("a.csv"), "old").ok());
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit old_limit{};
  ::getrlimit(RLIMIT_FSIZE, &old_limit);
  const rlimit small{4096, old_limit.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &small);
  const Status status = write_file(folder.file("a.csv"), std::string(100000, 'x'));
  ::setrlimit(RLIMIT_FSIZE, &old_limit);
  std::signal(SIGXFSZ, old_handler);
  REQUIRE_FALSE(status.ok());
  CHECK(status.code() == Code::output_not_writable);
  CHECK(content(folder.file("a.csv")) == "old");
  CHECK(folder.num_files() == 1);
}

TEST_CASE("the words for a full disk") {
  CHECK(output_failure("a.csv", ENOSPC).code() == Code::disk_full);
  CHECK(output_failure("a.csv", EDQUOT).code() == Code::disk_full);
  CHECK(output_failure("a.csv", ENOSPC).message() == "`a.csv` can't be written: the disk is full");
}

TEST_CASE("a folder that is not there") {
  const Folder folder;
  const Result<AtomicFile> file = AtomicFile::create(folder.file("no/a.csv"));
  REQUIRE_FALSE(file.ok());
  CHECK(file.status().code() == Code::output_not_writable);
  CHECK(file.status().message().find("there is no folder `" + folder.file("no") + "`") != std::string::npos);
}

TEST_CASE("a folder that can't be written") {
  if (::geteuid() == 0) {
    // Root may write anywhere but here; elsewhere the mode forbids it.
    const Result<AtomicFile> file = AtomicFile::create("/proc/a.csv");
    REQUIRE_FALSE(file.ok());
    CHECK(file.status().code() == Code::output_not_writable);
    return;
  }
  const Folder folder;
  fs::permissions(folder.path, fs::perms::owner_read | fs::perms::owner_exec);
  const Result<AtomicFile> file = AtomicFile::create(folder.file("a.csv"));
  REQUIRE_FALSE(file.ok());
  CHECK(file.status().message().find("no permission") != std::string::npos);
}

TEST_CASE("the output is a folder") {
  const Folder folder;
  const Result<AtomicFile> file = AtomicFile::create(folder.path.string());
  REQUIRE_FALSE(file.ok());
  CHECK(file.status().message().find("it is a folder") != std::string::npos);
}

TEST_CASE("writing after the end is a failure, not a crash") {
  const Folder folder;
  Result<AtomicFile> file = AtomicFile::create(folder.file("a.csv"));
  REQUIRE(file->commit().ok());
  CHECK_FALSE(file->write("x").ok());
  CHECK_FALSE(file->commit().ok());
  file->discard();
  CHECK(fs::exists(folder.file("a.csv")));
}

TEST_CASE("a moved file is written by its new owner only") {
  const Folder folder;
  Result<AtomicFile> file = AtomicFile::create(folder.file("a.csv"));
  AtomicFile moved = std::move(*file);
  CHECK_FALSE(file->write("x").ok());  // NOLINT(bugprone-use-after-move): it must be harmless
  CHECK(moved.write("y").ok());
  CHECK(moved.commit().ok());
  CHECK(content(folder.file("a.csv")) == "y");
}

TEST_CASE("an interrupted process removes what it was writing") {
  const Folder folder;
  const pid_t child = ::fork();
  if (child == 0) {
    std::signal(SIGINT, [](int) {
      remove_temporary_files();
      ::_exit(130);
    });
    Result<AtomicFile> a = AtomicFile::create(folder.file("a.csv"));
    Result<AtomicFile> b = AtomicFile::create(folder.file("b.csv"));
    if (!a->write("half").ok() || !b->write("half").ok()) ::_exit(1);
    ::raise(SIGINT);
    ::_exit(2);
  }
  int state = 0;
  ::waitpid(child, &state, 0);
  CHECK(WEXITSTATUS(state) == 130);
  CHECK(folder.num_files() == 0);
}

TEST_CASE("more files at once than the register has places") {
  const Folder folder;
  std::vector<AtomicFile> files;
  for (int i = 0; i < 100; ++i) {
    Result<AtomicFile> file = AtomicFile::create(folder.file(std::to_string(i)));
    REQUIRE(file.ok());
    files.push_back(std::move(*file));
  }
  for (AtomicFile& file : files) CHECK(file.commit().ok());
  CHECK(folder.num_files() == 100);
}

TEST_CASE("a very long name") {
  const Folder folder;
  const std::string name(250, 'n');
  CHECK(write_file(folder.file(name), "x").ok());
  CHECK(folder.num_files() == 1);
}
