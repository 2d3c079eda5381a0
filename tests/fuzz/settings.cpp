// SPDX-License-Identifier: Apache-2.0
/// A line `key=value` as on the command line, then the settings file.
#include "gateway/settings.hpp"

#include <sys/mman.h>
#include <unistd.h>

#include "target.hpp"

namespace neolia::fuzz {
namespace {

/// A file in memory.
class File {
 public:
  void write(std::string_view text) const {
    expect(::ftruncate(descriptor_, 0) == 0, "the file can be emptied");
    expect(::pwrite(descriptor_, text.data(), text.size(), 0) == static_cast<ssize_t>(text.size()),
           "the file can be written");
  }
  [[nodiscard]] std::string path() const { return "/proc/self/fd/" + std::to_string(descriptor_); }

 private:
  int descriptor_ = ::memfd_create("settings", MFD_CLOEXEC);
};

}  // namespace

void try_input(std::string_view input) {
  static const File kFile;
  const std::string line(take_line(input));
  const auto equals = line.find('=');
  std::vector<gateway::Override> overrides;
  if (equals != std::string::npos) overrides.emplace_back(line.substr(0, equals), line.substr(equals + 1));
  kFile.write(input);
  const auto settings = gateway::load_settings(kFile.path(), overrides);
  if (!settings) return expect_usable(settings.error());
  expect(!settings->data_folder.empty() && !settings->token_file.empty(), "what is required is there");
  expect(settings->listen_port >= 0 && settings->listen_port <= 65535, "a port is one");
  expect(gateway::read_host_port(settings->sip_address).has_value(), "an address is one");
}

}  // namespace neolia::fuzz
