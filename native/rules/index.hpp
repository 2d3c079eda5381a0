// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <compare>
#include <cstddef>
#include <ranges>
#include <set>
#include <string_view>
#include <tuple>
#include <utility>

#include "model/objects.hpp"

namespace neolia::rules {

/// Text that is ordered without regard to the case of ASCII letters.
struct Folded {
  std::string_view text;

  [[nodiscard]] static constexpr char fold(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
  }
  friend constexpr std::strong_ordering operator<=>(Folded left, Folded right) {
    return std::lexicographical_compare_three_way(left.text.begin(), left.text.end(), right.text.begin(),
                                                  right.text.end(), [](char a, char b) { return fold(a) <=> fold(b); });
  }
  friend constexpr bool operator==(Folded left, Folded right) { return (left <=> right) == 0; }
};

/// Objects ordered by a key that they carry (a tuple, made by a `KeyOf`), equal keys by id. Takes no ownership: an
/// object leaves the index before it changes.
template <typename Object, typename KeyOf>
class Index {
 public:
  void insert(const Object& object) { objects_.insert(&object); }
  void erase(const Object& object) { objects_.erase(&object); }

  /// The objects whose key starts with these parts, in order; a range of `const Object*`.
  template <typename... Parts>
  [[nodiscard]] auto with(Parts... parts) const {
    const auto [first, last] = objects_.equal_range(Prefix<Parts...>{{parts...}});
    return std::ranges::subrange(first, last);
  }

 private:
  template <typename... Parts>
  struct Prefix {
    std::tuple<Parts...> parts;
  };

  template <typename... Parts>
  static std::tuple<Parts...> head(const Object* object) {
    return [&]<std::size_t... kPart>(std::index_sequence<kPart...>) {
      const auto key = KeyOf{}(*object);
      return std::tuple<Parts...>(std::get<kPart>(key)...);
    }
    (std::index_sequence_for<Parts...>{});
  }

  struct Less {
    using is_transparent = void;
    bool operator()(const Object* left, const Object* right) const {
      const auto order = KeyOf{}(*left) <=> KeyOf{}(*right);
      return order == 0 ? left->id < right->id : order < 0;
    }
    template <typename... Parts>
    bool operator()(const Object* object, const Prefix<Parts...>& prefix) const {
      return head<Parts...>(object) < prefix.parts;
    }
    template <typename... Parts>
    bool operator()(const Prefix<Parts...>& prefix, const Object* object) const {
      return prefix.parts < head<Parts...>(object);
    }
  };

  std::set<const Object*, Less> objects_;
};

}  // namespace neolia::rules
