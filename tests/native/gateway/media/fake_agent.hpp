// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "gateway/media/agent.hpp"

namespace neolia::gateway::media {

/// Notes its commands.
class FakeAgent final : public Agent {
 public:
  std::vector<std::string> commands;

  void answer(CallNumber call, std::string) override { note("answer", call); }
  void refuse(CallNumber call, int code) override { note("refuse " + std::to_string(code), call); }
  void hang_up(CallNumber call) override { note("hang up", call); }
  Placed place(Placement placement) override {
    ++last_;
    note("place " + placement.dialled, last_);
    return {last_, "call-" + std::to_string(last_)};
  }

 private:
  void note(const std::string& command, CallNumber call) { commands.push_back(command + " " + std::to_string(call)); }

  CallNumber last_ = 0;
};

}  // namespace neolia::gateway::media
