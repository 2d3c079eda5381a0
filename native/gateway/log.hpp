// SPDX-License-Identifier: Apache-2.0
/// One line per fact on standard error: time, level, message, key=value pairs. Safe from any thread.
#pragma once

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace neolia::gateway::log {

enum class Level { debug, info, warning, error };

/// A value may come from the wire: it is quoted, escaped and cut before it is written. Never pass a secret.
using Field = std::pair<std::string_view, std::string>;
using Fields = std::initializer_list<Field>;

[[nodiscard]] std::optional<Level> level_from(std::string_view name);

/// Lines below `level` are not written. At first: info.
void set_level(Level level);

void debug(std::string_view message, Fields fields = {});
void info(std::string_view message, Fields fields = {});
void warning(std::string_view message, Fields fields = {});
void error(std::string_view message, Fields fields = {});

/// The line without its time, as it would be written.
[[nodiscard]] std::string format(Level level, std::string_view message, Fields fields);

}  // namespace neolia::gateway::log
