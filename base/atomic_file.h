// An output appears whole or not at all: it is written beside its final place and renamed when it is complete.
// In: a path and bytes. Out: the file, or a Status and no trace of it. Sinks, the formatter and `seg compile` write
// through this.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "base/status.h"

namespace seg::base {

class AtomicFile {
 public:
  // Opens the file beside `path`; its folder must exist. A device or a pipe is opened itself.
  static Result<AtomicFile> create(std::string path);

  AtomicFile(AtomicFile&& other) noexcept;
  AtomicFile& operator=(AtomicFile&& other) noexcept;
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;
  ~AtomicFile();  // removes what was not committed

  Status write(std::string_view bytes);
  // Flushes to disk and puts the file in its place, with the mode of the file that it replaces. Nothing is left behind
  // on failure.
  Status commit();
  void discard();

  const std::string& path() const { return path_; }
  // For libraries that open files themselves (Arrow's sinks): they may write there until commit(). Empty for a device.
  const std::string& temporary_path() const { return temporary_path_; }
  int descriptor() const { return descriptor_; }

 private:
  AtomicFile() = default;
  Status fail(int error);

  std::string path_;
  std::string temporary_path_;
  int descriptor_ = -1;
  int slot_ = -1;  // in the register of temporary files
};

// The whole in one call.
Status write_file(const std::string& path, std::string_view bytes);

// Removes the temporary files of outputs under way. Only async-signal-safe calls: for SIGINT's and SIGTERM's handlers.
void remove_temporary_files() noexcept;

// The code and words for an errno on an output: no space, no permission, no such folder, …
Status output_failure(const std::string& path, int error);

}  // namespace seg::base
