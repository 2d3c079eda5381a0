// SPDX-License-Identifier: Apache-2.0
/// What nearly every file of ours includes, read once for all of them where NEOLIA_PRECOMPILE says so: most of the time
/// of a build with sanitizers goes into these headers and into JSON's templates.
#pragma once

#include <algorithm>
#include <array>
#include <chrono>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ranges>
#include <set>
#include <string>
#include <string_view>
#include <unordered_map>
#include <unordered_set>
#include <utility>
#include <variant>
#include <vector>

#include <nlohmann/json.hpp>
#include <tl/expected.hpp>

NLOHMANN_JSON_NAMESPACE_BEGIN
extern template class basic_json<>;
namespace detail {
extern template class serializer<basic_json<>>;
extern template class lexer<basic_json<>, iterator_input_adapter<const char*>>;
extern template class parser<basic_json<>, iterator_input_adapter<const char*>>;
extern template class json_sax_dom_parser<basic_json<>, iterator_input_adapter<const char*>>;
extern template class json_sax_dom_callback_parser<basic_json<>, iterator_input_adapter<const char*>>;
}  // namespace detail
NLOHMANN_JSON_NAMESPACE_END
extern template class std::vector<nlohmann::json>;
extern template class std::map<std::string, nlohmann::json, std::less<>>;
