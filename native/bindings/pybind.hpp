// SPDX-License-Identifier: Apache-2.0
/// Include first, in every file here: Python's header sets macros that standard headers read, so it must come before
/// them. The only place that includes pybind11.
#pragma once

#include <pybind11/pybind11.h>

namespace neolia::bindings {

namespace py = pybind11;

}  // namespace neolia::bindings
