// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "gateway/kamailio/rpc.hpp"
#include "gateway/state/location_file.hpp"

namespace neolia::gateway::kamailio {

/// The contacts of an account, as Kamailio has them now.
[[nodiscard]] RpcResult<std::vector<state::Registration>> look_up_contacts(Rpc& rpc, const std::string& username);

/// Drops the contacts of an account and reads back that they are gone.
[[nodiscard]] RpcResult<void> drop_contacts(Rpc& rpc, const std::string& username);

/// Drops one contact of an account, by its ruid, and reads back that it is gone.
[[nodiscard]] RpcResult<void> drop_contact(Rpc& rpc, const std::string& username, const std::string& device);

}  // namespace neolia::gateway::kamailio
