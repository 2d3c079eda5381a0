// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <future>
#include <string>
#include <utility>
#include <vector>

#include "model/json.hpp"
#include "model/threads.hpp"
#include "snapshot/snapshot.hpp"

namespace neolia::snapshot {
namespace {

using model::Json;

template <typename Object>
Json object_json(const Object& object) {
  if constexpr (std::is_same_v<Object, model::Account>) {
    return model::to_json_with_credentials(object);
  } else {
    return model::to_json(object);
  }
}

/// Objects that become text together: one by one takes longer, all at once much memory.
constexpr std::size_t kBatch = 64;

/// A JSON list, written batch by batch: the objects never stand in memory all as JSON values.
template <typename Object>
std::string list_text(std::vector<const Object*> objects) {
  std::ranges::sort(objects, {}, [](const Object* object) -> const model::Id& { return object->id; });
  std::string text = "[";
  for (std::size_t i = 0; i < objects.size(); i += kBatch) {
    const std::size_t end = std::min(i + kBatch, objects.size());
    Json batch = Json::array();
    for (std::size_t j = i; j < end; ++j) batch.push_back(object_json(*objects[j]));
    const std::string list = batch.dump();
    if (i > 0) text += ',';
    text.append(list, 1, list.size() - 2);
  }
  return text += ']';
}

class Writer {
 public:
  /// A member of the present JSON object.
  Writer& member(std::string_view name, const Json& value) { return member_text(name, value.dump()); }

  Writer& member_text(std::string_view name, std::string_view text) {
    begin(name);
    text_ += text;
    return *this;
  }

  void open(std::string_view name) {
    begin(name);
    text_ += '{';
  }
  void close() { text_ += '}'; }

  [[nodiscard]] std::string finish() && {
    close();
    return std::move(text_);
  }

 private:
  void begin(std::string_view name) {
    if (text_.back() != '{') text_ += ',';
    text_.append("\"").append(name).append("\":");
  }

  std::string text_ = "{";
};

template <typename Objects>
auto pointers(const Objects& objects) {
  std::vector<const typename Objects::value_type*> found;
  found.reserve(objects.size());
  for (const auto& object : objects) found.push_back(&object);
  return found;
}

}  // namespace

std::string write(const model::DirectoryInfo& directory, Revision revision, const rules::Facts& facts) {
  Writer writer;
  writer.member("format", kFormat).member("directory", model::to_json(directory)).member("revision", revision);
  std::vector<std::future<std::string>> lists;
  model::for_each_noun([&](auto noun) {
    const auto& objects = facts.all<typename decltype(noun)::Object>();
    lists.push_back(std::async(model::launch_for(objects.size()), [&objects] { return list_text(pointers(objects)); }));
  });
  auto list = lists.begin();
  model::for_each_noun([&](auto noun) { writer.member_text(noun.plural, list++->get()); });
  return std::move(writer).finish();
}

std::string write(const Changes& changes) {
  Writer writer;
  writer.member("format", kFormat).member("directory_id", changes.directory_id);
  writer.member("base_revision", changes.base_revision).member("revision", changes.revision);
  writer.open("changed");
  model::for_each_noun(
      [&](auto noun) { writer.member_text(noun.plural, list_text(pointers(noun.objects(changes.change.put)))); });
  writer.close();
  writer.open("removed");
  model::for_each_noun([&](auto noun) { writer.member(noun.plural, noun.ids(changes.change.removed)); });
  writer.close();
  return std::move(writer).finish();
}

}  // namespace neolia::snapshot
