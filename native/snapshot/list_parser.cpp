// SPDX-License-Identifier: Apache-2.0
#include "snapshot/list_parser.hpp"

#include <stdexcept>
#include <utility>
#include <vector>

namespace neolia::snapshot {
namespace {

using model::Error;
using model::ErrorCode;
using model::Json;

constexpr int kMaxDepth = 16;
/// JSON values of one element, or of everything outside the lists: many times what a rule with 50 windows has.
constexpr std::size_t kMaxValues = 10'000;

struct Refused : std::runtime_error {
  using std::runtime_error::runtime_error;
};

/// The parser's callback: follows where it is and takes the elements out.
class Follower {
 public:
  Follower(const std::set<std::string>& lists, const OnElement& on_element) : lists_(lists), on_element_(on_element) {}

  bool operator()(int depth, Json::parse_event_t event, Json& parsed) {
    using Event = Json::parse_event_t;
    limit(depth);
    if (event == Event::key) return note_key(depth, parsed), true;
    if (event == Event::array_start && list_depth_ == kNone) enter_list(depth);
    if (list_depth_ == kNone || event == Event::array_start || event == Event::object_start) return true;
    if (depth == list_depth_) return list_depth_ = kNone, true;
    if (depth == list_depth_ + 1) return take(parsed), false;
    return true;
  }

 private:
  static constexpr int kNone = -1;

  void limit(int depth) {
    if (depth > kMaxDepth) throw Refused("it is nested too deeply");
    if (++values_ > kMaxValues) throw Refused("one of its parts is too large");
  }

  void note_key(int depth, const Json& key) {
    if (list_depth_ != kNone) return;
    keys_.resize(static_cast<std::size_t>(depth) - 1);
    keys_.push_back(key.get<std::string>());
  }

  void enter_list(int depth) {
    if (keys_.size() != static_cast<std::size_t>(depth)) return;
    std::string path;
    for (const std::string& key : keys_) path += (path.empty() ? "" : ".") + key;
    if (!lists_.contains(path)) return;
    if (!seen_.insert(path).second) throw Refused("the list '" + path + "' is given twice");
    list_ = std::move(path);
    list_depth_ = depth;
    index_ = 0;
  }

  void take(const Json& element) {
    on_element_(list_, index_++, element);
    values_ = 0;
  }

  const std::set<std::string>& lists_;
  const OnElement& on_element_;
  std::vector<std::string> keys_;
  std::set<std::string> seen_;
  std::string list_;
  int list_depth_ = kNone;
  std::size_t index_ = 0;
  std::size_t values_ = 0;
};

model::Error unreadable(const std::string& reason) {
  return {ErrorCode::invalid, "The text is not a readable snapshot: " + reason + ".", {}};
}

}  // namespace

model::Result<Json> parse_lists(std::string_view text, const std::set<std::string>& lists,
                                const OnElement& on_element) {
  try {
    Follower follower(lists, on_element);
    return Json::parse(
        text, [&](int depth, Json::parse_event_t event, Json& parsed) { return follower(depth, event, parsed); });
  } catch (const Json::parse_error& error) {
    return tl::unexpected(unreadable("no JSON from byte " + std::to_string(error.byte) + " on"));
  } catch (const Json::exception&) {
    return tl::unexpected(unreadable("a number is too large"));
  } catch (const Refused& refused) {
    return tl::unexpected(unreadable(refused.what()));
  }
}

}  // namespace neolia::snapshot
