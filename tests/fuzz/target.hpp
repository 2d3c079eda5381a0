// SPDX-License-Identifier: Apache-2.0
/// What every target is: try_input() gets one input. A crash, an exception that leaves it and a claim that does not
/// hold are findings.
#pragma once

#include <string_view>

#include "model/error.hpp"

namespace neolia::fuzz {

void try_input(std::string_view input);

/// Ends the process with `claim` unless it holds.
void expect(bool holds, const char* claim);

/// A refusal that a person can use: it has a message, each field its own and a path that repeats nothing of the input
/// but names; and it can be told as JSON.
void expect_usable(const model::Error& error);

/// What the path of a bad field may be: it repeats nothing of the input but names.
bool is_path(std::string_view path);

/// Cuts off what stands before the first line end.
std::string_view take_line(std::string_view& input);

}  // namespace neolia::fuzz
