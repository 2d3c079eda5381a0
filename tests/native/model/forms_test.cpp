// SPDX-License-Identifier: Apache-2.0
#include "model/forms.hpp"

#include <string>

#include <gtest/gtest.h>

#include "model/rows.hpp"

namespace neolia::model {
namespace {

using Predicate = bool (*)(std::string_view);

struct Row {
  const char* name;
  Predicate fits;
  std::string text;
  bool expected;
};

class Forms : public testing::TestWithParam<Row> {};

TEST_P(Forms, Decides) { EXPECT_EQ(GetParam().fits(GetParam().text), GetParam().expected); }

const std::string kLongLabel(63, 'a');
const std::string kLongHost = kLongLabel + "." + kLongLabel + "." + kLongLabel + "." + std::string(61, 'a');  // 253
const std::string kLongUrl = "http://a/" + std::string(2048 - 9, 'x');

INSTANTIATE_TEST_SUITE_P(
    HostNames, Forms,
    testing::Values(
        Row{"name", is_host_name, "pbx.example.org", true}, Row{"single_label", is_host_name, "localhost", true},
        Row{"ipv4", is_host_name, "192.168.1.20", true}, Row{"longest_label", is_host_name, kLongLabel + ".org", true},
        Row{"longest_name", is_host_name, kLongHost, true}, Row{"digits_in_front", is_host_name, "2n.example", true},
        Row{"empty", is_host_name, "", false}, Row{"upper_case", is_host_name, "PBX.example.org", false},
        Row{"underscore", is_host_name, "a_b.example", false}, Row{"final_dot", is_host_name, "a.", false},
        Row{"leading_dot", is_host_name, ".a", false}, Row{"two_dots", is_host_name, "a..b", false},
        Row{"leading_hyphen", is_host_name, "-a.org", false}, Row{"final_hyphen", is_host_name, "a-.org", false},
        Row{"label_too_long", is_host_name, kLongLabel + "a.org", false},
        Row{"name_too_long", is_host_name, kLongHost + "a", false},
        Row{"bad_ipv4", is_host_name, "192.168.1.256", false}, Row{"numeric_end", is_host_name, "example.42", false},
        Row{"port", is_host_name, "a.org:5060", false}, Row{"not_ascii", is_host_name, "tür.example", false}),
    row_name);

INSTANTIATE_TEST_SUITE_P(Addresses, Forms,
                         testing::Values(Row{"ipv4", is_ip_address, "10.0.0.1", true},
                                         Row{"ipv6", is_ip_address, "2001:db8::1", true},
                                         Row{"bracketed", is_ip_address, "[2001:db8::1]", false},
                                         Row{"zone_index", is_ip_address, "fe80::1%eth0", false},
                                         Row{"name", is_ip_address, "a.org", false}),
                         row_name);

INSTANTIATE_TEST_SUITE_P(
    Urls, Forms,
    testing::Values(
        Row{"http", is_http_url, "http://10.0.0.5/relay?on=1", true},
        Row{"https_with_port", is_http_url, "https://door.example:8443/open", true},
        Row{"scheme_in_capitals", is_http_url, "HTTP://Door.Example/", true},
        Row{"ipv6", is_http_url, "http://[2001:db8::1]:80/", true}, Row{"host_alone", is_http_url, "http://door", true},
        Row{"query_after_host", is_http_url, "http://door?x", true}, Row{"longest", is_http_url, kLongUrl, true},
        Row{"too_long", is_http_url, kLongUrl + "x", false}, Row{"empty", is_http_url, "", false},
        Row{"no_scheme", is_http_url, "door.example/open", false},
        Row{"file", is_http_url, "file:///etc/passwd", false}, Row{"ftp", is_http_url, "ftp://door/", false},
        Row{"user", is_http_url, "http://admin@door/", false},
        Row{"user_and_password", is_http_url, "http://admin:secret@door/", false},
        Row{"no_host", is_http_url, "http:///open", false}, Row{"port_alone", is_http_url, "http://:80/", false},
        Row{"empty_port", is_http_url, "http://door:/", false}, Row{"port_zero", is_http_url, "http://door:0/", false},
        Row{"port_too_large", is_http_url, "http://door:65536/", false},
        Row{"port_no_number", is_http_url, "http://door:8x/", false},
        Row{"open_bracket", is_http_url, "http://[2001:db8::1/", false},
        Row{"text_after_bracket", is_http_url, "http://[2001:db8::1]x/", false},
        Row{"backslash_host", is_http_url, "http://a\\@b/", false}, Row{"space", is_http_url, "http://door/a b", false},
        Row{"newline", is_http_url, "http://door/\r\nHost: x", false},
        Row{"not_ascii", is_http_url, "http://door/ü", false}),
    row_name);

INSTANTIATE_TEST_SUITE_P(SipUris, Forms,
                         testing::Values(Row{"uri", is_sip_uri, "sip:desk+1@pbx.example.org", true},
                                         Row{"no_user", is_sip_uri, "sip:@pbx.example.org", false},
                                         Row{"no_at", is_sip_uri, "sip:pbx.example.org", false},
                                         Row{"other_scheme", is_sip_uri, "tel:123@pbx.example.org", false},
                                         Row{"sips", is_sip_uri, "sips:desk@pbx.example.org", false},
                                         Row{"port", is_sip_uri, "sip:desk@pbx.example.org:5060", false},
                                         Row{"parameter", is_sip_uri, "sip:desk@pbx.example.org;transport=tcp", false},
                                         Row{"header", is_sip_uri, "sip:desk@pbx.example.org?Replaces=x", false},
                                         Row{"two_ats", is_sip_uri, "sip:desk@a@pbx.example.org", false},
                                         Row{"pipe", is_sip_uri, "sip:a|b@pbx.example.org", false},
                                         Row{"tilde", is_sip_uri, "sip:a~b@pbx.example.org", false},
                                         Row{"user_too_long", is_sip_uri, "sip:" + std::string(65, 'a') + "@a.org",
                                             false}),
                         row_name);

INSTANTIATE_TEST_SUITE_P(DottedPairs, Forms,
                         testing::Values(Row{"pair", is_dotted_pair, "lock.unlock", true},
                                         Row{"digits", is_dotted_pair, "lock.door_2", true},
                                         Row{"no_dot", is_dotted_pair, "lock", false},
                                         Row{"two_dots", is_dotted_pair, "a.b.c", false},
                                         Row{"empty_half", is_dotted_pair, "lock.", false},
                                         Row{"capitals", is_dotted_pair, "Lock.open", false}),
                         row_name);

}  // namespace
}  // namespace neolia::model
