// SPDX-License-Identifier: Apache-2.0
/// The templates that precompiled.hpp declares.
#include <nlohmann/json.hpp>

NLOHMANN_JSON_NAMESPACE_BEGIN
template class basic_json<>;
namespace detail {
template class serializer<basic_json<>>;
template class lexer<basic_json<>, iterator_input_adapter<const char*>>;
template class parser<basic_json<>, iterator_input_adapter<const char*>>;
template class json_sax_dom_parser<basic_json<>, iterator_input_adapter<const char*>>;
template class json_sax_dom_callback_parser<basic_json<>, iterator_input_adapter<const char*>>;
}  // namespace detail
NLOHMANN_JSON_NAMESPACE_END
template class std::vector<nlohmann::json>;
template class std::map<std::string, nlohmann::json, std::less<>>;
