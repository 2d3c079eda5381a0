// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "explain/code.hpp"
#include "explain/values.hpp"
#include "model/json.hpp"
#include "rules/facts.hpp"
#include "rules/moment.hpp"

namespace neolia::explain {

/// The sentences told so far, and what the next events need to know of those before. Outlived by its arguments.
struct Story {
  const Json& call;
  const rules::Facts& facts;
  std::optional<rules::Moment> changed_at{};

  struct PresentStep {
    std::size_t index = 0;
    std::optional<rules::Moment> began;
    std::set<std::string, std::less<>> silent;  ///< registered and rung; nothing came from them yet
  };
  std::optional<PresentStep> present{};
  std::set<std::string, std::less<>> called{};  ///< by this step or one before
  bool began = false;
  Json sentences = Json::array();

  /// At the moment of `event`.
  void tell(Code code, const Json& event, std::string text, Json parameters = Json::object());

  /// From the beginning of the call, or from its answer, to `event`.
  [[nodiscard]] std::optional<double> seconds_since_beginning(const Json& event) const;
  [[nodiscard]] std::optional<double> seconds_since_answer(const Json& event) const;

  /// What a step of the call was to do; null when it is not known.
  [[nodiscard]] const Json& step(std::size_t index) const;
  [[nodiscard]] std::size_t step_count() const { return value_of(call, "steps").size(); }

  /// Of the call's site.
  [[nodiscard]] std::string time_zone() const;
};

[[nodiscard]] std::optional<rules::Moment> moment_of(const Json& event);

/// "after 12 s", or nothing when it is not known.
[[nodiscard]] std::string after(std::optional<double> seconds);
[[nodiscard]] Json or_null(std::optional<double> seconds);

}  // namespace neolia::explain
