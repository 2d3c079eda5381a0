// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <ranges>
#include <span>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <unordered_set>
#include <utility>
#include <vector>

#include "model/objects.hpp"

namespace neolia::rules {

/// Text that is compared without regard to the case of ASCII letters.
struct Folded {
  std::string_view text;

  [[nodiscard]] static constexpr char fold(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  }
  friend constexpr std::strong_ordering operator<=>(Folded left, Folded right) {
    return std::lexicographical_compare_three_way(left.text.begin(), left.text.end(), right.text.begin(),
                                                  right.text.end(), [](char a, char b) { return fold(a) <=> fold(b); });
  }
  friend constexpr bool operator==(Folded left, Folded right) {
    return std::ranges::equal(left.text, right.text, {}, fold, fold);
  }
};

[[nodiscard]] inline std::size_t hash_of(std::string_view text) { return std::hash<std::string_view>{}(text); }
[[nodiscard]] inline std::size_t hash_of(Folded folded) {
  std::uint64_t hash = 0xcbf29ce484222325;  // FNV-1a
  for (const char letter : folded.text)
    hash = (hash ^ static_cast<unsigned char>(Folded::fold(letter))) * 0x100000001b3;
  return hash;
}

/// Objects in groups, found by the first part of a key that they carry (a tuple, made by a `KeyOf`), and ordered inside
/// their group by the rest of it, equal keys by id. Takes no ownership: an object leaves the index before it changes.
template <typename Object, typename KeyOf>
class Index {
  using Members = std::vector<const Object*>;
  using Name = std::tuple_element_t<0, std::invoke_result_t<KeyOf, const Object&>>;

 public:
  void insert(const Object& object) {
    const auto found = groups_.find(name_of(object));
    if (found == groups_.end()) {
      groups_.insert(Group{{&object}});
    } else {
      Members& members = found->members;
      members.insert(std::ranges::upper_bound(members, &object, Before{}), &object);
    }
  }

  void erase(const Object& object) {
    const auto found = groups_.find(name_of(object));
    if (found == groups_.end()) return;
    Members& members = found->members;
    if (members.size() == 1) {
      groups_.erase(found);
    } else {
      members.erase(std::ranges::lower_bound(members, &object, Before{}));
    }
  }

  /// The objects whose key starts with these parts, in order.
  template <typename... Parts>
  [[nodiscard]] std::span<const Object* const> with(Name name, Parts... parts) const {
    const auto found = groups_.find(name);
    if (found == groups_.end()) return {};
    if constexpr (sizeof...(Parts) == 0) {
      return found->members;
    } else {
      const auto second = [](const Object* object) { return std::get<1>(KeyOf{}(*object)); };
      return std::ranges::equal_range(found->members, parts..., {}, second);
    }
  }

 private:
  static Name name_of(const Object& object) { return std::get<0>(KeyOf{}(object)); }

  /// Never empty and named by its members, so that its name stays as they come and go.
  struct Group {
    mutable Members members;
  };
  struct Named {
    using is_transparent = void;
    static Name name(Name name) { return name; }
    static Name name(const Group& group) { return name_of(*group.members.front()); }
    std::size_t operator()(const auto& group) const { return hash_of(name(group)); }
    bool operator()(const auto& left, const auto& right) const { return name(left) == name(right); }
  };
  struct Before {
    bool operator()(const Object* left, const Object* right) const {
      const auto order = KeyOf{}(*left) <=> KeyOf{}(*right);
      return std::is_eq(order) ? left->id < right->id : std::is_lt(order);
    }
  };
  std::unordered_set<Group, Named, Named> groups_;
};

}  // namespace neolia::rules
