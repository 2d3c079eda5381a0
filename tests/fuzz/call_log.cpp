// SPDX-License-Identifier: Apache-2.0
/// The stream's name in the first line, then `[[number, event]…]` as JSON: what the gateway's WebSocket brings to HA.
#include "explain/explain.hpp"
#include "kept_directory.hpp"
#include "target.hpp"

namespace neolia::fuzz {
namespace {

using model::Json;

std::vector<store::NumberedEvent> read(const Json& json) {
  std::vector<store::NumberedEvent> events;
  if (!json.is_array()) return events;
  for (const Json& item : json) {
    if (!item.is_array() || item.size() != 2 || !item[0].is_number_integer()) continue;
    events.emplace_back(item[0].get<std::int64_t>(), item[1]);
  }
  return events;
}

void expect_explained(store::Directory& directory, const Json& call) {
  const auto found = directory.get_call(call.at("call_id").get<std::string>());
  expect(found && *found == call, "a call that is listed is found");
  expect(explain::explain(*found, directory.facts(), std::nullopt).is_object(), "a call can be explained");
}

}  // namespace

void try_input(std::string_view input) {
  static KeptDirectory kept;
  static auto directory = kept.fresh();

  const std::string stream(take_line(input));
  const auto events = read(Json::parse(input, nullptr, false));
  const auto recorded = directory->record_events(stream, events);
  if (!recorded) return expect_usable(recorded.error());
  expect(std::ranges::adjacent_find(*recorded, std::greater_equal()) == recorded->end(), "numbers grow");
  if (recorded->empty()) return;
  const auto cursor = directory->event_cursor();
  expect(cursor && *cursor && **cursor == store::EventCursor{stream, recorded->back()}, "the cursor is the last one");
  const auto calls = directory->list_calls(store::kMaxListed, std::nullopt, std::nullopt);
  expect(calls && !calls->empty(), "calls are listed");
  for (const Json& call : *calls) expect_explained(*directory, call);
  expect(directory->record_events(stream, events).value().empty(), "what comes twice is stored once");
  directory.reset();
  directory = kept.fresh();
}

}  // namespace neolia::fuzz
