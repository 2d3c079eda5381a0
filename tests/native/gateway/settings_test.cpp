// SPDX-License-Identifier: Apache-2.0
#include "gateway/settings.hpp"

#include <gmock/gmock.h>
#include <sys/stat.h>

#include <fstream>

#include "gateway/example.hpp"

namespace neolia::gateway {
namespace {

using testing::HasSubstr;

const std::vector<Override> kNeeded{{"token_file", "/t"}, {"data_folder", "/d"}, {"kamailio_rpc_socket", "/k"}};

std::vector<Override> with(Override more) {
  auto overrides = kNeeded;
  overrides.push_back(std::move(more));
  return overrides;
}

TEST(Settings, DefaultsNeedThreePaths) {
  const auto settings = load_settings("", kNeeded);
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->listen_address, "127.0.0.1");
  EXPECT_EQ(settings->max_body_bytes, 64 << 20);
}

TEST(Settings, EveryMissingOneIsNamed) {
  const auto settings = load_settings("", {});
  ASSERT_FALSE(settings);
  std::vector<std::string> paths;
  for (const auto& field : settings.error().fields) paths.push_back(field.path);
  EXPECT_EQ(paths, (std::vector<std::string>{"token_file", "data_folder", "kamailio_rpc_socket"}));
}

TEST(Settings, CommandLineWinsOverFile) {
  const Folder folder;
  std::ofstream(folder.file("s.json")) << R"({"listen_port": 1000, "event_queue": 20, "token_file": "17"})";
  const auto settings = load_settings(folder.file("s.json"), with({"listen_port", "2000"}));
  ASSERT_TRUE(settings) << settings.error().message;
  EXPECT_EQ(settings->listen_port, 2000);
  EXPECT_EQ(settings->event_queue, 20);
  EXPECT_EQ(settings->token_file, "/t");
}

struct BadRow {
  const char* name;
  Override override;
  model::FieldCode code;
};

class BadSetting : public testing::TestWithParam<BadRow> {};

TEST_P(BadSetting, IsNamed) {
  const auto settings = load_settings("", with(GetParam().override));
  ASSERT_FALSE(settings);
  ASSERT_EQ(settings.error().fields.size(), 1U);
  EXPECT_EQ(settings.error().fields[0].path, GetParam().override.first);
  EXPECT_EQ(settings.error().fields[0].code, GetParam().code);
  EXPECT_FALSE(settings.error().fields[0].message.empty());
}

INSTANTIATE_TEST_SUITE_P(Rows, BadSetting,
                         testing::Values(BadRow{"unknown", {"listen_prot", "1"}, model::FieldCode::unknown},
                                         BadRow{"text_for_number", {"listen_port", "http"}, model::FieldCode::type},
                                         BadRow{"trailing_text", {"listen_port", "80x"}, model::FieldCode::type},
                                         BadRow{"empty_number", {"listen_port", ""}, model::FieldCode::type},
                                         BadRow{"above", {"listen_port", "65536"}, model::FieldCode::range},
                                         BadRow{"below", {"max_body_bytes", "-1"}, model::FieldCode::range},
                                         BadRow{"choice", {"log_level", "loud"}, model::FieldCode::format}),
                         [](const auto& row) { return row.param.name; });

TEST(Settings, AnUnknownOneIsRepeatedOnlyWhenItIsAName) {
  for (const char* key : {"listen port", "\x1b[2J", "é", ""}) {
    EXPECT_EQ(load_settings("", with({key, "1"})).error().fields.at(0).path, "?") << key;
  }
}

TEST(Settings, CertificateAndKeyGoTogether) {
  const auto settings = load_settings("", with({"tls_certificate", "/c"}));
  ASSERT_FALSE(settings);
  EXPECT_EQ(settings.error().fields[0].path, "tls_key");
}

TEST(Settings, FileMustHoldOneObject) {
  const Folder folder;
  for (const char* text : {"", "[]", "{", "{\"listen_port\": 1} {}"}) {
    std::ofstream(folder.file("s.json")) << text;
    const auto settings = load_settings(folder.file("s.json"), kNeeded);
    ASSERT_FALSE(settings) << text;
    EXPECT_THAT(settings.error().message, HasSubstr("s.json")) << text;
  }
  EXPECT_FALSE(load_settings(folder.file("missing.json"), kNeeded));
}

TEST(Settings, TableNamesEachWithItsDefault) {
  const auto table = describe_settings();
  EXPECT_THAT(table, HasSubstr("| `listen_port` | number | 8125 | 0–65535 |"));
  EXPECT_THAT(table, HasSubstr("| `token_file` | text |  | required |"));
}

class TokenFile : public testing::Test {
 protected:
  std::string write(const std::string& text, mode_t mode) {
    std::ofstream(folder_.file("token")) << text;
    ::chmod(folder_.file("token").c_str(), mode);
    return folder_.file("token");
  }

 private:
  Folder folder_;
};

TEST_F(TokenFile, IsOneLine) {
  EXPECT_EQ(read_token(write("0123456789abcdef\n", 0600)).value(), "0123456789abcdef");
  EXPECT_EQ(read_token(write("0123456789abcdef", 0600)).value(), "0123456789abcdef");
}

TEST_F(TokenFile, OpenToOthersIsRefused) {
  for (const mode_t mode : {0640U, 0604U, 0644U}) {
    const auto token = read_token(write("0123456789abcdef\n", mode));
    ASSERT_FALSE(token) << mode;
    EXPECT_THAT(token.error().message, HasSubstr("chmod 600"));
    EXPECT_THAT(token.error().message, Not(HasSubstr("0123456789abcdef")));
  }
}

TEST_F(TokenFile, ShortEmptyLongOrMissingIsRefused) {
  EXPECT_FALSE(read_token(write("", 0600)));
  EXPECT_FALSE(read_token(write("too-short\n", 0600)));
  EXPECT_FALSE(read_token(write(std::string(1025, 'x'), 0600)));
  EXPECT_FALSE(read_token("/nonexistent/token"));
}

}  // namespace
}  // namespace neolia::gateway
