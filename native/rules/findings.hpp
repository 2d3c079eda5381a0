// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include "rules/consistency.hpp"

namespace neolia::rules {

/// Where the findings about one object go.
class Findings {
 public:
  Findings(std::vector<Finding>& all, const char* noun, const model::Id& id) : all_(all), noun_(noun), id_(id) {}

  void refuse(model::FieldCode code, std::string path, std::string message) {
    all_.push_back({noun_, id_, {code, std::move(path), std::move(message)}});
  }

 private:
  std::vector<Finding>& all_;
  const char* noun_;
  const model::Id& id_;
};

}  // namespace neolia::rules
