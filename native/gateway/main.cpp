// SPDX-License-Identifier: Apache-2.0
#include <mimalloc.h>
#include <sys/stat.h>

#include <exception>
#include <iostream>
#include <optional>
#include <string>
#include <vector>

#include "gateway/application.hpp"
#include "gateway/log.hpp"
#include "gateway/settings.hpp"

namespace {

using namespace neolia;

#if MI_MALLOC_VERSION < 210
constexpr mi_option_t kDelayOfGivingBack = mi_option_decommit_delay;
#else
constexpr mi_option_t kDelayOfGivingBack = mi_option_purge_delay;
#endif

constexpr int kUsageError = 2;
constexpr const char* kUsage =
    "neolia-gateway --settings FILE [--set KEY=VALUE]...\n"
    "neolia-gateway --describe-settings | --version | --help\n";

struct CommandLine {
  std::string settings_file;
  std::vector<gateway::Override> overrides;
};

/// Empty when it is not usable.
std::optional<CommandLine> read_command_line(const std::vector<std::string>& arguments) {
  CommandLine line;
  for (std::size_t i = 0; i + 1 < arguments.size(); i += 2) {
    const auto& value = arguments[i + 1];
    const auto equals = value.find('=');
    if (arguments[i] == "--settings") {
      line.settings_file = value;
    } else if (arguments[i] == "--set" && equals != std::string::npos) {
      line.overrides.emplace_back(value.substr(0, equals), value.substr(equals + 1));
    } else {
      return std::nullopt;
    }
  }
  return arguments.size() % 2 == 0 ? std::optional(line) : std::nullopt;
}

std::optional<std::string> information(const std::vector<std::string>& arguments) {
  if (arguments.size() != 1) return std::nullopt;
  if (arguments[0] == "--describe-settings") return gateway::describe_settings();
  if (arguments[0] == "--version") return std::string("neolia-gateway ") + NEOLIA_VERSION + "\n";
  return arguments[0] == "--help" ? std::optional<std::string>(kUsage) : std::nullopt;
}

int fail(const model::Error& error) {
  std::cerr << "neolia-gateway: " << error.message << "\n";
  for (const auto& field : error.fields) std::cerr << "  " << field.path << " " << field.message << "\n";
  return EXIT_FAILURE;
}

int run(const CommandLine& line) {
  const auto settings = gateway::load_settings(line.settings_file, line.overrides);
  if (!settings) return fail(settings.error());
  gateway::log::set_level(*gateway::log::level_from(settings->log_level));
  const auto ended = gateway::run(*settings);
  return ended ? EXIT_SUCCESS : fail(ended.error());
}

}  // namespace

int main(int argc, char** argv) {
  ::umask(S_IRWXG | S_IRWXO);
  ::mi_option_set(kDelayOfGivingBack, 0);  // what a snapshot needed for a moment goes back to the system
  try {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    if (const auto text = information(arguments)) {
      std::cout << *text;
      return EXIT_SUCCESS;
    }
    if (const auto line = read_command_line(arguments)) return run(*line);
    std::cerr << kUsage;
    return kUsageError;
  } catch (const std::exception& exception) {
    std::cerr << "neolia-gateway: " << exception.what() << "\n";
    return EXIT_FAILURE;
  }
}
