// SPDX-License-Identifier: Apache-2.0
/// A line with a rule's pattern, then a username. Kamailio matches with fnmatch().
#include <fnmatch.h>

#include "model/forms.hpp"
#include "rules/sources.hpp"
#include "target.hpp"

namespace neolia::fuzz {

void try_input(std::string_view input) {
  const auto glob = take_line(input);
  const bool matches = rules::matches_glob(glob, input);
  if (!model::kGlob.fits(glob) || !model::kUsername.fits(input)) return;
  expect(matches == (::fnmatch(std::string(glob).c_str(), std::string(input).c_str(), 0) == 0),
         "we match what Kamailio matches");
}

}  // namespace neolia::fuzz
