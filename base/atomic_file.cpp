#include "base/atomic_file.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace seg::base {
namespace {

// Paths of the temporary files, where a signal handler can read them: no allocation, no lock. A slot is free, being
// filled, or filled; more files at once than slots are still written safely, only a signal leaves them behind.
enum SlotState : int { kFree, kChanging, kFilled };
struct Slot {
  std::atomic<int> state{kFree};
  std::array<char, PATH_MAX> path{};
};
constexpr int kNumSlots = 64;
std::array<Slot, kNumSlots> slots;
static_assert(std::atomic<int>::is_always_lock_free);

int occupy_slot(const std::string& path) {
  if (path.size() >= PATH_MAX) return -1;
  for (int i = 0; i < kNumSlots; ++i) {
    int expected = kFree;
    if (!slots[i].state.compare_exchange_strong(expected, kChanging)) continue;
    std::memcpy(slots[i].path.data(), path.c_str(), path.size() + 1);
    slots[i].state.store(kFilled);
    return i;
  }
  return -1;
}

void release_slot(int& slot) {
  if (slot >= 0) slots[slot].state.store(kFree);
  slot = -1;
}

std::string folder_of(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string::npos) return ".";
  return slash == 0 ? "/" : path.substr(0, slash);
}

// Beside the final file, hidden, and never the name of another process's or another thread's output.
std::string temporary_beside(const std::string& path) {
  static std::atomic<unsigned> counter{0};
  const std::size_t slash = path.rfind('/');
  const std::size_t name = slash == std::string::npos ? 0 : slash + 1;
  // A long name is cut, so that the temporary one is not too long for the file system.
  return path.substr(0, name) + "." + path.substr(name, 200) + "." + std::to_string(::getpid()) + "-" +
         std::to_string(counter.fetch_add(1)) + ".tmp";
}

}  // namespace

Status output_failure(const std::string& path, int error) {
  switch (error) {
    case ENOSPC:
    case EDQUOT:
      return Status(Code::disk_full, {path}).help("make room, or write to another place; nothing was left behind");
    case EFBIG:
      return Status(Code::output_not_writable, {path, "the file would be larger than is allowed here"})
          .help("raise the limit (`ulimit -f`), or write to another place; nothing was left behind");
    case ENOENT:
    case ENOTDIR:
      return Status(Code::output_not_writable, {path, "there is no folder `" + folder_of(path) + "`"})
          .help("make the folder first");
    case EACCES:
    case EPERM: return Status(Code::output_not_writable, {path, "no permission to write in `" + folder_of(path) + "`"});
    case EROFS: return Status(Code::output_not_writable, {path, "the file system is read-only"});
    case EISDIR: return Status(Code::output_not_writable, {path, "it is a folder"});
    case EINTR: return Status(Code::interrupted, {});
    default: return Status(Code::output_not_writable, {path, std::strerror(error)});
  }
}

Result<AtomicFile> AtomicFile::create(std::string path) {
  struct stat about{};
  if (::stat(path.c_str(), &about) == 0 && S_ISDIR(about.st_mode)) return output_failure(path, EISDIR);
  AtomicFile file;
  file.path_ = std::move(path);
  // A device or a pipe is written to: there is nothing to be replaced, and a file must not take its place.
  if (file.path_.starts_with("/dev/") || (::stat(file.path_.c_str(), &about) == 0 && !S_ISREG(about.st_mode))) {
    file.descriptor_ = ::open(file.path_.c_str(), O_WRONLY | O_CLOEXEC);
    if (file.descriptor_ < 0) return output_failure(file.path_, errno);
    return file;
  }
  file.temporary_path_ = temporary_beside(file.path_);
  // Registered before it exists: no moment at which a signal would leave it behind.
  file.slot_ = occupy_slot(file.temporary_path_);
  file.descriptor_ = ::open(file.temporary_path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (file.descriptor_ < 0) {
    const int error = errno;
    release_slot(file.slot_);
    file.temporary_path_.clear();
    return output_failure(file.path_, error);
  }
  return file;
}

AtomicFile::AtomicFile(AtomicFile&& other) noexcept
    : path_(std::move(other.path_)),
      temporary_path_(std::move(other.temporary_path_)),
      descriptor_(std::exchange(other.descriptor_, -1)),
      slot_(std::exchange(other.slot_, -1)) {
  other.temporary_path_.clear();
}

AtomicFile& AtomicFile::operator=(AtomicFile&& other) noexcept {
  if (this != &other) {
    discard();
    path_ = std::move(other.path_);
    temporary_path_ = std::move(other.temporary_path_);
    other.temporary_path_.clear();
    descriptor_ = std::exchange(other.descriptor_, -1);
    slot_ = std::exchange(other.slot_, -1);
  }
  return *this;
}

AtomicFile::~AtomicFile() { discard(); }

void AtomicFile::discard() {
  if (descriptor_ >= 0) ::close(descriptor_);
  descriptor_ = -1;
  if (!temporary_path_.empty()) ::unlink(temporary_path_.c_str());
  temporary_path_.clear();
  release_slot(slot_);
}

Status AtomicFile::fail(int error) {
  discard();
  return output_failure(path_, error);
}

Status AtomicFile::write(std::string_view bytes) {
  if (descriptor_ < 0) return output_failure(path_, EBADF);
  while (!bytes.empty()) {
    const ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return fail(errno);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
  return Status();
}

Status AtomicFile::commit() {
  if (descriptor_ < 0) return output_failure(path_, EBADF);
  if (temporary_path_.empty()) {  // a device or a pipe
    const int error = ::close(std::exchange(descriptor_, -1)) != 0 ? errno : 0;
    return error != 0 && error != EINTR ? output_failure(path_, error) : Status();
  }
  struct stat replaced{};
  if (::stat(path_.c_str(), &replaced) == 0 && ::fchmod(descriptor_, replaced.st_mode & 07777) != 0) return fail(errno);
  if (::fsync(descriptor_) != 0 && errno != EINVAL && errno != EROFS) return fail(errno);
  const int closed = ::close(std::exchange(descriptor_, -1));
  if (closed != 0 && errno != EINTR) return fail(errno);
  if (::rename(temporary_path_.c_str(), path_.c_str()) != 0) return fail(errno);
  temporary_path_.clear();
  release_slot(slot_);
  // The name itself is on disk once its folder is; where that is refused, the file is still whole.
  const int folder = ::open(folder_of(path_).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder >= 0) {
    ::fsync(folder);
    ::close(folder);
  }
  return Status();
}

Status write_file(const std::string& path, std::string_view bytes) {
  Result<AtomicFile> file = AtomicFile::create(path);
  if (!file.ok()) return std::move(file).status();
  SEG_RETURN_IF_FAILED(file->write(bytes));
  return file->commit();
}

void remove_temporary_files() noexcept {
  for (Slot& slot : slots) {
    if (slot.state.load() == kFilled) ::unlink(slot.path.data());
  }
}

}  // namespace seg::base
