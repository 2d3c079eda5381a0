// SPDX-License-Identifier: Apache-2.0
#include "gateway/objects_change.hpp"

#include <string_view>
#include <type_traits>
#include <unordered_set>
#include <utility>

namespace neolia::gateway {

model::Change inverse_of(const rules::Facts& facts, const model::Change& change) {
  model::Change inverse;
  model::for_each_noun([&](const auto& noun) {
    using Object = typename std::decay_t<decltype(noun)>::Object;
    const auto restore = [&](const model::Id& id) {
      if (const auto* object = facts.find<Object>(id)) {
        noun.objects(inverse.put).push_back(*object);
      } else {
        noun.ids(inverse.removed).push_back(id);
      }
    };
    for (const auto& object : noun.objects(change.put)) restore(object.id);
    for (const auto& id : noun.ids(change.removed)) restore(id);
  });
  return inverse;
}

model::Change difference(const rules::Facts& facts, model::Objects objects) {
  model::Change change;
  model::for_each_noun([&](const auto& noun) {
    using Object = typename std::decay_t<decltype(noun)>::Object;
    std::unordered_set<std::string_view> kept;
    for (const auto& object : noun.objects(objects)) {
      if (facts.find<Object>(object.id) != nullptr) kept.insert(facts.find<Object>(object.id)->id);
    }
    for (const auto& object : facts.all<Object>()) {
      if (!kept.contains(object.id)) noun.ids(change.removed).push_back(object.id);
    }
    for (auto& object : noun.objects(objects)) {
      const auto* present = facts.find<Object>(object.id);
      if (present == nullptr || !(*present == object)) noun.objects(change.put).push_back(std::move(object));
    }
  });
  return change;
}

}  // namespace neolia::gateway
