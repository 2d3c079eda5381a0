// SPDX-License-Identifier: Apache-2.0
#include "gateway/state/session_names.hpp"

#include <boost/algorithm/string/case_conv.hpp>

namespace neolia::gateway::state {

model::Id session_id_of(std::string_view username) {
  if (!username.starts_with(kSessionPrefix)) return {};
  const auto id = boost::algorithm::to_upper_copy(std::string(username.substr(kSessionPrefix.size())));
  return model::is_id(id) ? id : model::Id();
}

std::string session_username_of(std::string_view session_id) {
  return std::string(kSessionPrefix) + boost::algorithm::to_lower_copy(std::string(session_id));
}

}  // namespace neolia::gateway::state
