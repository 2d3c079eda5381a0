// SPDX-License-Identifier: Apache-2.0
/// What Kamailio answers to JSON-RPC, and what the gateway makes of it.
#include "gateway/kamailio/rpc_reply.hpp"

#include "gateway/kamailio/contacts.hpp"
#include "gateway/kamailio/end_calls.hpp"
#include "gateway/kamailio/figures.hpp"
#include "gateway/kamailio/htables.hpp"
#include "target.hpp"

namespace neolia::fuzz {
namespace {

using namespace gateway::kamailio;

/// Answers the same to everything.
class Parrot final : public Rpc {
 public:
  explicit Parrot(RpcResult<model::Json> answer) : answer_(std::move(answer)) {}

  RpcResult<model::Json> call(std::string_view /*method*/, const model::Json& /*params*/) override { return answer_; }
  void notify(std::string_view /*method*/, const model::Json& /*params*/) override {}

 private:
  RpcResult<model::Json> answer_;
};

Call call() {
  Call made;
  made.incoming["sip_call_id"] = "call-1";
  return made;
}

}  // namespace

void try_input(std::string_view input) {
  const auto reply = read_reply(input.substr(0, 256U << 10U), 1);
  if (!reply) return;
  Parrot rpc(*reply);
  if (const auto contacts = look_up_contacts(rpc, "panel-1")) {
    for (const auto& contact : *contacts) expect(contact.username == "panel-1", "a contact is of the account");
  }
  static_cast<void>(drop_contact(rpc, "panel-1", "uloc-1"));
  static_cast<void>(drop_contacts(rpc, "panel-1"));
  static_cast<void>(has_call(rpc, call()));
  static_cast<void>(count_calls(rpc));
  static_cast<void>(count_contacts(rpc));
  static_cast<void>(read_version(rpc));
  Htables htables(rpc);
  static_cast<void>(htables.get("sys", "mark"));
  static_cast<void>(htables.set("sys", "mark", "1"));
  static_cast<void>(htables.remove("sys", "mark"));
  static_cast<void>(htables.reload({1, 2, 3}));
}

}  // namespace neolia::fuzz
