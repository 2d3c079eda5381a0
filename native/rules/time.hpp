// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

namespace neolia::rules {

/// A moment in UTC.
using Time = std::chrono::sys_seconds;

}  // namespace neolia::rules
