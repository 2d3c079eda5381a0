// SPDX-License-Identifier: Apache-2.0
/// The forms of texts that machines read.
#include "model/forms.hpp"
#include "model/id.hpp"
#include "model/json.hpp"
#include "model/text.hpp"
#include "target.hpp"

namespace neolia::fuzz {

void try_input(std::string_view input) {
  const auto trimmed = model::trim(input);
  expect(model::trim(trimmed) == trimmed, "what is trimmed stays as it is");
  if (const auto count = model::count_printable(input)) {
    expect(*count <= input.size(), "a character has a byte at least");
    static_cast<void>(model::Json(input).dump());  // throws for what is no UTF-8
  }
  if (model::is_sip_uri(input)) {
    expect(model::is_host_name(model::domain_of(input)), "the domain of a SIP URI is a host name");
    expect(input.find_first_of(" \r\n,|~<>;\"") == std::string_view::npos, "a SIP URI breaks no table and no header");
  }
  if (model::is_host_name(input)) {
    expect(input.size() <= 253 && input.find_first_of(" \r\n/@:_") == std::string_view::npos, "a host name is one");
  }
  if (model::is_http_url(input)) {
    expect(input.find_first_of(" \r\n") == std::string_view::npos, "a URL breaks no request");
    const auto authority = input.substr(input.find("://") + 3);
    expect(authority.substr(0, authority.find_first_of("/?#")).find('@') == std::string_view::npos,
           "a URL has no user part");
  }
  static_cast<void>(model::is_ip_address(input));
  static_cast<void>(model::is_dotted_pair(input));
  if (model::is_id(input)) expect(input.size() == 26, "an id has 26 characters");
}

}  // namespace neolia::fuzz
