// SPDX-License-Identifier: Apache-2.0
#include "rules/reader.hpp"

#include <algorithm>
#include <sstream>

#include <fnmatch.h>

namespace neolia::rules {
namespace {

using Words = std::vector<std::string>;

constexpr std::size_t kMaxSteps = 16;

Words split(const std::string& text, char separator) {
  Words words;
  std::istringstream in(text);
  for (std::string word; std::getline(in, word, separator);) words.push_back(word);
  return words;
}

std::string join(const Words& words) {
  std::string text;
  for (const std::string& word : words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string look_up(const std::map<std::string, std::string>& table, const std::string& key) {
  const auto found = table.find(key);
  return found == table.end() ? "" : found->second;
}

class Reading {
 public:
  Reading(const Tables& tables, const Subscriber& caller) : tables_(tables), caller_(caller) {}

  Decision call(const std::string& dialled) {
    const Words entry = dial(dialled);
    if (entry.empty()) return {404, {}};
    const bool is_account = entry[0] == "a";
    const std::size_t at = is_account ? 3 : 1;
    unit_ = entry[at], building_ = entry[at + 1], site_ = entry[at + 2];
    if (is_account) called_ = entry[at + 3];
    if (is_account && entry[2] == "d") {
      ring_door();
    } else {
      walk();
    }
    return {steps_.empty() ? 403 : 0, steps_};
  }

 private:
  [[nodiscard]] Words dial(const std::string& dialled) const {
    std::string entry;
    if (caller_.building_key != 0) {
      entry = look_up(tables_.dial, "b" + std::to_string(caller_.building_key) + ":" + dialled);
    }
    if (entry.empty()) entry = look_up(tables_.dial, "s" + std::to_string(caller_.site_key) + ":" + dialled);
    return split(entry, ' ');
  }

  void ring_door() {
    if (caller_.kind == model::AccountKind::door) return;
    if (unit_ != "0" ? unit_ == std::to_string(caller_.unit_key)
                     : building_ == "0" || building_ == std::to_string(caller_.building_key)) {
      steps_.push_back("0~r,60,s," + called_);
    }
  }

  void walk() {
    for (const std::string& owner : {"u" + unit_, "b" + building_, "s" + site_}) {
      for (const std::string& rule : split(look_up(tables_.rules, owner), '|')) {
        const Words parts = split(rule, '~');
        if (fnmatch(parts[0].c_str(), descriptor().c_str(), 0) == 0 && steps_.size() < kMaxSteps) {
          add(parts[1], parts[2]);
        }
      }
    }
  }

  [[nodiscard]] std::string descriptor() const {
    constexpr char kKinds[] = {'d', 'p', 'm'};
    return std::string{kKinds[static_cast<int>(caller_.kind)], near()} + ":" + caller_.username;
  }

  [[nodiscard]] char near() const {
    const bool in_building = building_ == std::to_string(caller_.building_key);
    if (caller_.unit_key != 0) return unit_ == std::to_string(caller_.unit_key) ? 'u' : in_building ? 'n' : 'f';
    return caller_.building_key == 0 ? 's' : in_building ? 'b' : 'f';
  }

  void add(const std::string& rule, const std::string& step) {
    const std::size_t comma = step.rfind(',');
    const std::string head = step.substr(0, comma + 1);
    const std::string aim = step.substr(comma + 1);
    const bool to_users = step[0] == 'r' || (step[0] == 'f' && aim[0] != 'x');
    if (!to_users) {
      steps_.push_back(rule + "~" + step);
    } else if (const std::string users = step[0] == 'r' ? ringing(aim) : forwarded(aim); !users.empty()) {
      steps_.push_back(rule + "~" + head + users);
    }
  }

  [[nodiscard]] std::string ringing(const std::string& aim) const {
    if (called_.empty()) return without_caller(aim == "*" ? targets(unit_) : split(aim, ' '));
    const Words mine = targets(unit_);
    return std::ranges::find(mine, called_) == mine.end() ? "" : without_caller({called_});
  }

  [[nodiscard]] std::string forwarded(const std::string& aim) const {
    return without_caller(aim[0] == 'a' ? Words{aim.substr(1)} : targets(aim.substr(1)));
  }

  [[nodiscard]] Words targets(const std::string& unit) const {
    return split(look_up(tables_.targets, "u" + unit), ' ');
  }

  [[nodiscard]] std::string without_caller(Words users) const {
    std::erase(users, caller_.username);
    return join(users);
  }

  const Tables& tables_;
  const Subscriber& caller_;
  std::string unit_, building_, site_, called_;
  std::vector<std::string> steps_;
};

}  // namespace

Decision decide(const Tables& tables, const std::string& caller, std::string dialled) {
  std::ranges::transform(dialled, dialled.begin(),
                         [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return Reading(tables, tables.subscribers.at(caller)).call(dialled);
}

}  // namespace neolia::rules
