// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <set>
#include <string>
#include <unordered_set>
#include <utility>
#include <vector>

#include "model/fields.hpp"
#include "model/json.hpp"
#include "snapshot/list_parser.hpp"
#include "snapshot/snapshot.hpp"

namespace neolia::snapshot {
namespace {

using model::Error;
using model::ErrorCode;
using model::FieldCode;
using model::FieldError;
using model::Json;
using model::Place;
using model::Result;

Error invalid(std::vector<FieldError> errors) {
  std::string message = errors.front().path + ": " + errors.front().message;
  return {ErrorCode::invalid, std::move(message), std::move(errors)};
}

/// Collects the elements of the lists, each checked on its own.
class Collector {
 public:
  explicit Collector(std::vector<FieldError>& errors) : errors_(errors) {}

  template <typename Object>
  void take_object(const std::string& path, const Json& element, std::vector<Object>& objects) {
    Object& object = objects.emplace_back();
    if constexpr (std::is_same_v<Object, model::Account>) {
      model::read_fields_with_credentials(element, object, path, errors_);
    } else {
      model::read_fields(element, object, path, errors_);
    }
    if (!element.is_object()) return;
    const Place place(path, errors_);
    if (!element.contains("id")) return place.field("id").refuse(FieldCode::required, "Must be given.");
    take_id(place.field("id"), object.id);
  }

  void take_removed(const std::string& path, const Json& element, std::vector<model::Id>& ids) {
    const Place place(path, errors_);
    const auto* id = element.get_ptr<const std::string*>();
    if (id == nullptr || !model::is_id(*id)) return place.refuse(FieldCode::format, "Must be an id.");
    take_id(place, *id);
    ids.push_back(*id);
  }

 private:
  void take_id(const Place& place, const model::Id& id) {
    if (!id.empty() && !ids_.insert(id).second) place.refuse(FieldCode::duplicate, "Is in the text already.");
  }

  std::vector<FieldError>& errors_;
  std::unordered_set<model::Id> ids_;
};

std::set<std::string> lists_below(const std::string& path) {
  std::set<std::string> lists;
  model::for_each_noun([&](auto noun) { lists.insert(path + noun.plural); });
  return lists;
}

void require_lists(const Json& parent, const Place& place) {
  model::for_each_noun([&](auto noun) {
    const auto list = parent.find(noun.plural);
    if (list == parent.end()) return place.field(noun.plural).refuse(FieldCode::required, "Must be given.");
    if (!list->is_array()) place.field(noun.plural).refuse(FieldCode::type, "Must be a list.");
  });
}

/// A non-negative whole number.
Revision read_revision(const Json& root, const char* name, const Place& place) {
  const auto value = root.find(name);
  if (value == root.end()) {
    place.field(name).refuse(FieldCode::required, "Must be given.");
  } else if (!value->is_number_integer()) {
    place.field(name).refuse(FieldCode::type, "Must be a whole number.");
  } else if (value->is_number_unsigned() && value->get<std::uint64_t>() <= INT64_MAX) {
    return value->get<Revision>();
  } else {
    place.field(name).refuse(FieldCode::range, "Must be a revision.");
  }
  return 0;
}

/// Nothing else is worth telling of a text in another format.
Result<void> check_frame(const Json& root) {
  std::vector<FieldError> errors;
  const Place place("", errors);
  if (!model::is_object(root, place)) return tl::unexpected(invalid(std::move(errors)));
  const auto format = root.find("format");
  if (format == root.end()) {
    place.field("format").refuse(FieldCode::required, "Must be given.");
  } else if (*format != kFormat) {
    place.field("format").refuse(FieldCode::range, "Must be 1, the only form known here; update the older side.");
  }
  if (!errors.empty()) return tl::unexpected(invalid(std::move(errors)));
  return {};
}

Result<void> check_size(std::string_view text, std::size_t max_bytes) {
  if (text.size() <= max_bytes) return {};
  return tl::unexpected(
      Error{ErrorCode::invalid, "The text is longer than " + std::to_string(max_bytes) + " bytes.", {}});
}

/// Parses `text`, hands the elements of `lists` over and checks the frame.
Result<Json> parse(std::string_view text, std::size_t max_bytes, const std::set<std::string>& lists,
                   const OnElement& on_element) {
  if (auto fits = check_size(text, max_bytes); !fits) return tl::unexpected(std::move(fits).error());
  auto root = parse_lists(text, lists, on_element);
  if (!root) return root;
  if (auto fine = check_frame(*root); !fine) return tl::unexpected(std::move(fine).error());
  return root;
}

void read_directory(const Json& root, model::DirectoryInfo& directory, const Place& place,
                    std::vector<FieldError>& errors) {
  const auto value = root.find("directory");
  if (value == root.end()) return place.field("directory").refuse(FieldCode::required, "Must be given.");
  model::read_fields(*value, directory, "directory", errors);
  if (value->is_object() && !value->contains("id")) {
    place.field("directory").field("id").refuse(FieldCode::required, "Must be given.");
  }
}

model::Id read_directory_id(const Json& root, const Place& place) {
  const auto value = root.find("directory_id");
  const auto* id = value == root.end() ? nullptr : value->get_ptr<const std::string*>();
  if (id != nullptr && model::is_id(*id)) return *id;
  place.field("directory_id").refuse(FieldCode::format, "Must be the id of a directory.");
  return {};
}

void check_lists_of(const Json& root, const char* name, const Place& place) {
  const auto parent = root.find(name);
  if (parent == root.end()) return place.field(name).refuse(FieldCode::required, "Must be given.");
  const Place inner = place.field(name);
  if (!model::is_object(*parent, inner)) return;
  require_lists(*parent, inner);
  std::vector<std::string_view> known;
  model::for_each_noun([&](auto noun) { known.push_back(noun.plural); });
  model::refuse_unknown(*parent, known, inner);
}

std::string element_path(const std::string& list, std::size_t index) {
  return list + "[" + std::to_string(index) + "]";
}

}  // namespace

Result<Snapshot> read(std::string_view text, std::size_t max_bytes) {
  Snapshot snapshot;
  std::vector<FieldError> errors;
  Collector collector(errors);
  const auto take = [&](const std::string& list, std::size_t index, const Json& element) {
    model::for_each_noun([&](auto noun) {
      if (list != noun.plural) return;
      collector.take_object(element_path(list, index), element, noun.objects(snapshot.objects));
    });
  };
  const auto root = parse(text, max_bytes, lists_below(""), take);
  if (!root) return tl::unexpected(root.error());
  const Place place("", errors);
  read_directory(*root, snapshot.directory, place, errors);
  snapshot.revision = read_revision(*root, "revision", place);
  require_lists(*root, place);
  std::vector<std::string_view> known{"format", "directory", "revision"};
  model::for_each_noun([&](auto noun) { known.push_back(noun.plural); });
  model::refuse_unknown(*root, known, place);
  if (!errors.empty()) return tl::unexpected(invalid(std::move(errors)));
  return snapshot;
}

Result<Changes> read_changes(std::string_view text, std::size_t max_bytes) {
  Changes changes;
  std::vector<FieldError> errors;
  Collector collector(errors);
  const auto take = [&](const std::string& list, std::size_t index, const Json& element) {
    const std::string path = element_path(list, index);
    model::for_each_noun([&](auto noun) {
      if (list == std::string("changed.") + noun.plural) {
        collector.take_object(path, element, noun.objects(changes.change.put));
      } else if (list == std::string("removed.") + noun.plural) {
        collector.take_removed(path, element, noun.ids(changes.change.removed));
      }
    });
  };
  auto lists = lists_below("changed.");
  lists.merge(lists_below("removed."));
  const auto root = parse(text, max_bytes, lists, take);
  if (!root) return tl::unexpected(root.error());
  const Place place("", errors);
  changes.directory_id = read_directory_id(*root, place);
  changes.base_revision = read_revision(*root, "base_revision", place);
  changes.revision = read_revision(*root, "revision", place);
  if (errors.empty() && changes.revision < changes.base_revision) {
    place.field("revision").refuse(FieldCode::range, "Must not lie before base_revision.");
  }
  check_lists_of(*root, "changed", place);
  check_lists_of(*root, "removed", place);
  constexpr std::array<std::string_view, 6> kKnown{"format",   "directory_id", "base_revision",
                                                   "revision", "changed",      "removed"};
  model::refuse_unknown(*root, kKnown, place);
  if (!errors.empty()) return tl::unexpected(invalid(std::move(errors)));
  return changes;
}

}  // namespace neolia::snapshot
