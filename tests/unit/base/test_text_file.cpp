// Reading texts: what is not there, not UTF-8, too large.
#include <doctest/doctest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "base/text_file.h"

using namespace seg::base;
namespace fs = std::filesystem;

namespace {
struct Folder {
  fs::path path = fs::temp_directory_path() / ("seg_text_file_" + std::to_string(::getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() { fs::remove_all(path); }
  std::string file(const std::string& name, const std::string& bytes) const {
    std::ofstream(path / name, std::ios::binary) << bytes;
    return (path / name).string();
  }
};
}  // namespace

TEST_CASE("well-formed UTF-8") {
  CHECK_FALSE(find_invalid_utf8(""));
  CHECK_FALSE(find_invalid_utf8("plain ascii, longer than eight bytes"));
  CHECK_FALSE(find_invalid_utf8("é شهر 日本 😀 \u07ff\u0800\uffff\U00010000\U0010ffff"));
}

TEST_CASE("ill-formed UTF-8 is found where it begins") {
  CHECK(find_invalid_utf8("0123456789\xff") == 10);
  CHECK(find_invalid_utf8("ab\xc0\xaf") == 2);        // overlong
  CHECK(find_invalid_utf8("\xe0\x80\x80") == 0);      // overlong
  CHECK(find_invalid_utf8("\xed\xa0\x80") == 0);      // surrogate
  CHECK(find_invalid_utf8("\xf4\x90\x80\x80") == 0);  // beyond U+10FFFF
  CHECK(find_invalid_utf8("x\xc3") == 1);             // cut off
  CHECK(find_invalid_utf8("\xe2\x82") == 0);          // cut off
  CHECK(find_invalid_utf8("\x80") == 0);              // no lead
  CHECK(find_invalid_utf8("caf\xe9 au lait, latin 1") == 3);
}

TEST_CASE("a file is read, without its byte order mark") {
  const Folder folder;
  const Result<std::string> text = read_text_file(folder.file("a.seg", "\xef\xbb\xbfsegment x {}\n"));
  REQUIRE(text.ok());
  CHECK(*text == "segment x {}\n");
}

TEST_CASE("a file that is not there, a folder, a path through a file") {
  const Folder folder;
  CHECK(read_text_file((folder.path / "no.seg").string()).status().code() == Code::file_not_found);
  CHECK(read_text_file(folder.path.string()).status().code() == Code::file_not_readable);
  CHECK(read_text_file(folder.file("a", "") + "/b").status().code() == Code::file_not_found);
}

TEST_CASE("a file that is not UTF-8 names line and byte") {
  const Folder folder;
  const std::string path = folder.file("a.seg", "one\ntwo \xe9\n");
  const Result<std::string> text = read_text_file(path);
  REQUIRE_FALSE(text.ok());
  CHECK(text.status().code() == Code::not_utf8);
  CHECK(text.status().message() == "this is not UTF-8 text (byte 0xE9)");
  CHECK(text.status().diagnostic().data->line == 2);
  CHECK(text.status().diagnostic().data->path == path);
}

TEST_CASE("UTF-16 is recognised") {
  const Status failure = check_text(std::string("\xff\xfes\0e\0", 6), "a.seg").status();
  CHECK(failure.diagnostic().notes.size() == 1);
}

TEST_CASE("a file that is too large is refused before it is read whole") {
  const Folder folder;
  const Result<std::string> text = read_text_file(folder.file("a.seg", std::string(2000, 'x')), 1000);
  REQUIRE_FALSE(text.ok());
  CHECK(text.status().code() == Code::file_too_large);
  CHECK(text.status().message().find("has 2,000 bytes; a rule file may have 1,000") != std::string::npos);
}
