// SPDX-License-Identifier: Apache-2.0
// The real server over loopback on port 0, asked by libcurl and by bare sockets.
#include "gateway/net/server.hpp"

#include <arpa/inet.h>
#include <curl/curl.h>
#include <gmock/gmock.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>
#include <sys/socket.h>
#include <unistd.h>

#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <thread>

#include "gateway/example.hpp"
#include "gateway/net/tls.hpp"

namespace neolia::gateway::net {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using testing::HasSubstr;
using testing::StartsWith;

constexpr const char* kToken = "0123456789abcdef";

asio::awaitable<Response> echo(Request request) {
  co_return json_response(http::status::ok, {{"length", request.body.size()}, {"query", request.query.size()}});
}

asio::awaitable<Response> show(Request request) {
  Response response{http::status::created, request.parameters["name"] + request.content_type + request.range, {}};
  response.content_type = "text/plain";
  co_return response;
}

asio::awaitable<Subscription> nobody() { co_return nullptr; }  // nobody gets that far here

asio::awaitable<Response> fail() {
  throw std::runtime_error("as a bug would");
  co_return Response();
}

/// Answers when the test says so.
struct Gate {
  explicit Gate(asio::io_context& context) : timer(context, asio::steady_timer::time_point::max()) {}
  asio::awaitable<Response> wait() {
    waiting = true;
    co_await timer.async_wait(kAwait);
    co_return json_response(http::status::ok, {{"gate", "open"}});
  }
  asio::steady_timer timer;
  std::atomic<bool> waiting = false;
};

Limits quick() {
  Limits limits;
  limits.connections = 4;
  limits.body_bytes = 100000;
  limits.header = limits.body = limits.send = milliseconds(500);
  limits.idle = seconds(20);
  return limits;
}

/// The server on a thread of its own.
class Running {
 public:
  explicit Running(Limits limits = quick(), std::optional<asio::ssl::context> tls = std::nullopt)
      : server_(context_, {endpoints(), Token(kToken), limits, {}}, std::move(tls)),
        port_(server_.listen("127.0.0.1", 0).value()),
        thread_([this] { context_.run(); }) {}
  Running(const Running&) = delete;
  Running& operator=(const Running&) = delete;
  ~Running() {
    stop();
    thread_.join();
  }

  [[nodiscard]] std::uint16_t port() const { return port_; }
  Gate& gate() { return gate_; }
  void stop(milliseconds patience = milliseconds(2000)) {
    asio::post(context_, [this, patience] {
      if (!std::exchange(stopped_, true)) server_.stop(patience);
    });
  }
  void open_gate() {
    asio::post(context_, [this] { gate_.timer.cancel(); });
  }
  void join() {
    thread_.join();
    thread_ = std::jthread([] {});
  }

 private:
  Endpoints endpoints() {
    return {{http::verb::get, "/open", Access::open, Answer(echo)},
            {http::verb::put, "/echo", Access::token, Answer(echo)},
            {http::verb::get, "/echo", Access::token, Answer(echo)},
            {http::verb::get, "/fail", Access::token, Answer([](const Request&) { return fail(); })},
            {http::verb::get, "/gate", Access::open, Answer([this](const Request&) { return gate_.wait(); })},
            {http::verb::get, "/socket", Access::token, Subscribe([](const Request&) { return nobody(); })},
            {http::verb::put, "/small/{name}", Access::token, Answer(show), 10}};
  }

  asio::io_context context_{1};
  Gate gate_{context_};
  Server server_;
  std::uint16_t port_;
  bool stopped_ = false;
  std::jthread thread_;
};

struct Reply {
  long status = 0;
  std::string headers;
  std::string body;
};

std::size_t append(char* data, std::size_t, std::size_t size, void* text) {
  static_cast<std::string*>(text)->append(data, size);
  return size;
}

/// One request by libcurl; status 0 when there was no answer.
class Client {
 public:
  explicit Client(std::uint16_t port, const char* scheme = "http")
      : curl_(curl_easy_init()), base_(std::string(scheme) + "://127.0.0.1:" + std::to_string(port)) {}
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;
  ~Client() { curl_easy_cleanup(curl_); }

  Reply ask(const std::string& method, const std::string& target, const std::vector<std::string>& headers = {},
            const std::string& body = {}) {
    Reply reply;
    curl_slist* list = nullptr;
    for (const auto& header : headers) list = curl_slist_append(list, header.c_str());
    curl_easy_setopt(curl_, CURLOPT_URL, (base_ + target).c_str());
    curl_easy_setopt(curl_, CURLOPT_CUSTOMREQUEST, method.c_str());
    curl_easy_setopt(curl_, CURLOPT_HTTPHEADER, list);
    curl_easy_setopt(curl_, CURLOPT_POSTFIELDS, body.empty() ? nullptr : body.c_str());
    curl_easy_setopt(curl_, CURLOPT_POSTFIELDSIZE, static_cast<long>(body.size()));
    if (body.empty()) curl_easy_setopt(curl_, CURLOPT_HTTPGET, 1L);
    curl_easy_setopt(curl_, CURLOPT_WRITEFUNCTION, append);
    curl_easy_setopt(curl_, CURLOPT_WRITEDATA, &reply.body);
    curl_easy_setopt(curl_, CURLOPT_HEADERFUNCTION, append);
    curl_easy_setopt(curl_, CURLOPT_HEADERDATA, &reply.headers);
    curl_easy_setopt(curl_, CURLOPT_SSL_VERIFYPEER, 0L);
    curl_easy_setopt(curl_, CURLOPT_SSL_VERIFYHOST, 0L);
    curl_easy_setopt(curl_, CURLOPT_TIMEOUT, 20L);
    curl_easy_perform(curl_);
    curl_easy_getinfo(curl_, CURLINFO_RESPONSE_CODE, &reply.status);
    curl_easy_getinfo(curl_, CURLINFO_NUM_CONNECTS, &new_connections_);
    curl_slist_free_all(list);
    return reply;
  }
  /// Of the last request.
  [[nodiscard]] long new_connections() const { return new_connections_; }

 private:
  CURL* curl_;
  std::string base_;
  long new_connections_ = 0;
};

const std::string kAuthorization = std::string("Authorization: Bearer ") + kToken;

/// Bytes as they are, for what no client would send.
class Socket {
 public:
  explicit Socket(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address), 0);
    const timeval limit{20, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
  }
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;
  ~Socket() { ::close(socket_); }

  void send(const std::string& text) { ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL); }
  void half_close() { ::shutdown(socket_, SHUT_WR); }
  /// Everything until the server closes.
  std::string read_all() {
    std::string all(1 << 16, '\0');
    std::string text;
    for (ssize_t size = 0; (size = ::recv(socket_, all.data(), all.size(), 0)) > 0;)
      text.append(all, 0, static_cast<std::size_t>(size));
    return text;
  }
  std::string read_some() {
    std::string text(1 << 16, '\0');
    const auto size = ::recv(socket_, text.data(), text.size(), 0);
    return text.substr(0, static_cast<std::size_t>(std::max<ssize_t>(0, size)));
  }

 private:
  int socket_;
};

struct Row {
  const char* name;
  const char* method;
  const char* target;
  std::vector<std::string> headers;
  std::string body;
  long status;
  const char* code;  ///< in the body; any when empty
};

class Answers : public testing::TestWithParam<Row> {};

TEST_P(Answers, AsTheTableSays) {
  const Running running;
  const auto& row = GetParam();
  const auto reply = Client(running.port()).ask(row.method, row.target, row.headers, row.body);
  EXPECT_EQ(reply.status, row.status) << reply.body;
  EXPECT_TRUE(model::Json::accept(reply.body)) << reply.body;
  EXPECT_THAT(reply.body, HasSubstr(row.code));
  EXPECT_THAT(reply.headers, HasSubstr("Content-Type: application/json"));
}

INSTANTIATE_TEST_SUITE_P(
    Rows, Answers,
    testing::Values(
        Row{"open", "GET", "/open", {}, "", 200, ""}, Row{"no_token", "GET", "/echo", {}, "", 401, "unauthorized"},
        Row{"wrong_token", "GET", "/echo", {"Authorization: Bearer 0123456789abcdeX"}, "", 401, "unauthorized"},
        Row{"right_token", "GET", "/echo?a=1&b=2", {kAuthorization}, "", 200, "\"query\":2"},
        Row{"body", "PUT", "/echo", {kAuthorization}, std::string(50000, 'x'), 200, "\"length\":50000"},
        Row{"expects_to_go_on", "PUT", "/echo", {kAuthorization, "Expect: 100-continue"}, "abc", 200, "\"length\":3"},
        Row{"chunked", "PUT", "/echo", {kAuthorization, "Transfer-Encoding: chunked"}, "abc", 200, "\"length\":3"},
        Row{"huge_body", "PUT", "/echo", {kAuthorization}, std::string(200000, 'x'), 413, "too_large"},
        Row{"too_large_for_this_endpoint", "PUT", "/small/x", {kAuthorization}, "0123456789+", 413, "too_large"},
        Row{"huge_body_without_token", "PUT", "/echo", {}, std::string(200000, 'x'), 401, "unauthorized"},
        Row{"huge_header", "GET", "/open", {"X: " + std::string(9000, 'x')}, "", 431, "header_too_large"},
        Row{"unknown_path", "GET", "/nothing", {kAuthorization}, "", 404, "not_found"},
        Row{"unknown_path_tells_strangers_nothing", "GET", "/nothing", {}, "", 401, "unauthorized"},
        Row{"unknown_method", "DELETE", "/echo", {kAuthorization}, "x", 405, "GET"},
        Row{"invented_method", "BREW", "/echo", {kAuthorization}, "x", 405, "method_not_allowed"},
        Row{"bad_target", "GET", "/open?%zz", {}, "", 400, "bad_request"},
        Row{"bug", "GET", "/fail", {kAuthorization}, "", 500, "internal"},
        Row{"socket_without_upgrade", "GET", "/socket", {kAuthorization}, "", 426, "upgrade_required"}),
    [](const auto& row) { return row.param.name; });

TEST(Server, CarriesWhatIsNoJson) {
  const Running running;
  const auto reply =
      Client(running.port())
          .ask("PUT", "/small/x", {kAuthorization, "Content-Type: audio/wav", "Range: bytes=0-"}, "RIFF");
  EXPECT_EQ(reply.status, 201);
  EXPECT_EQ(reply.body, "xaudio/wavbytes=0-");
  EXPECT_THAT(reply.headers, HasSubstr("Content-Type: text/plain"));
}

TEST(Server, KeepsAConnectionForTheNextRequest) {
  const Running running;
  Client client(running.port());
  EXPECT_EQ(client.ask("GET", "/open").status, 200);
  EXPECT_EQ(client.new_connections(), 1);
  EXPECT_EQ(client.ask("PUT", "/echo", {kAuthorization}, "abc").status, 200);
  EXPECT_EQ(client.new_connections(), 0);
}

TEST(Server, AnswersWhatComesInPieces) {
  const Running running;
  Socket socket(running.port());
  for (const char* piece : {"GET /op", "en HTTP/1.1\r\nHo", "st: x\r\nConnection: close\r\n", "\r\n"})
    socket.send(piece);
  EXPECT_THAT(socket.read_all(), StartsWith("HTTP/1.1 200"));
}

TEST(Server, AnswersTheHalfClosed) {
  const Running running;
  Socket socket(running.port());
  socket.send("GET /open HTTP/1.1\r\nHost: x\r\n\r\n");
  socket.half_close();
  EXPECT_THAT(socket.read_all(), StartsWith("HTTP/1.1 200"));
}

TEST(Server, AnswersTwoRequestsSentAtOnce) {
  const Running running;
  Socket socket(running.port());
  socket.send("GET /open?a=1 HTTP/1.1\r\nHost: x\r\n\r\nGET /open HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
  const auto text = socket.read_all();
  EXPECT_THAT(text, HasSubstr("\"query\":1"));
  EXPECT_THAT(text, HasSubstr("\"query\":0"));
}

TEST(Server, LeavesTheSlow) {
  const Running running;
  for (const char* beginning :
       {"GET /open HTT",
        "PUT /echo HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer 0123456789abcdef\r\nContent-Length: 100\r\n\r\nabc"}) {
    Socket socket(running.port());
    socket.send(beginning);
    EXPECT_EQ(socket.read_all(), "") << beginning;
  }
  EXPECT_EQ(Client(running.port()).ask("GET", "/open").status, 200);
}

TEST(Server, RefusesWhatIsNotHttp) {
  const Running running;
  for (const char* rubbish : {"\x16\x03\x01\x02", "GET\r\n\r\n", "GET /open HTTP/9.9\r\n\r\n", "SIP/2.0 200 OK\r\n\r\n",
                              "GET /open HTTP/1.1\r\nContent-Length: -1\r\n\r\n"}) {
    Socket socket(running.port());
    socket.send(rubbish);
    socket.half_close();
    EXPECT_THAT(socket.read_all(), testing::AnyOf("", StartsWith("HTTP/1.1 400"))) << rubbish;
  }
  EXPECT_EQ(Client(running.port()).ask("GET", "/open").status, 200);
}

TEST(Server, HasRoomForSoMany) {
  const Running running;
  std::vector<std::unique_ptr<Socket>> sockets;
  for (int i = 0; i < 4; ++i) {
    sockets.push_back(std::make_unique<Socket>(running.port()));
    sockets.back()->send("GET /open HTTP/1.1\r\nHost: x\r\n\r\n");
    EXPECT_THAT(sockets.back()->read_some(), StartsWith("HTTP/1.1 200"));
  }
  Socket one_too_many(running.port());
  EXPECT_EQ(one_too_many.read_all(), "");
  sockets.pop_back();
  Reply reply;
  for (int attempt = 0; reply.status != 200 && attempt < 1000; ++attempt)
    reply = Client(running.port()).ask("GET", "/open");
  EXPECT_EQ(reply.status, 200);
}

TEST(Server, FinishesARequestBeforeItStops) {
  Running running;
  Socket idle(running.port());
  idle.send("GET /open HTTP/1.1\r\nHost: x\r\n\r\n");
  EXPECT_THAT(idle.read_some(), StartsWith("HTTP/1.1 200"));
  Socket busy(running.port());
  busy.send("GET /gate HTTP/1.1\r\nHost: x\r\n\r\n");
  while (!running.gate().waiting) std::this_thread::yield();
  running.stop();
  EXPECT_EQ(idle.read_all(), "");
  running.open_gate();
  const auto text = busy.read_all();
  EXPECT_THAT(text, HasSubstr("\"gate\""));
  EXPECT_THAT(text, HasSubstr("Connection: close"));
  running.join();
}

TEST(Server, SaysWhyItCannotListen) {
  asio::io_context context;
  const auto make = [&] { return std::make_unique<Server>(context, Site{{}, Token(kToken), {}, {}}, std::nullopt); };
  const auto first = make();
  const auto port = first->listen("127.0.0.1", 0);
  ASSERT_TRUE(port);
  const auto taken = make()->listen("127.0.0.1", *port);
  ASSERT_FALSE(taken);
  EXPECT_THAT(taken.error().message, HasSubstr(std::to_string(*port)));
  EXPECT_FALSE(make()->listen("not an address", 0));
}

/// A certificate of our own.
void write_certificate(const std::string& certificate_file, const std::string& key_file) {
  EVP_PKEY* key = EVP_EC_gen("P-256");
  X509* certificate = X509_new();
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate), 0);
  X509_gmtime_adj(X509_getm_notAfter(certificate), 3600);
  X509_set_pubkey(certificate, key);
  X509_sign(certificate, key, EVP_sha256());
  std::FILE* file = std::fopen(certificate_file.c_str(), "w");
  PEM_write_X509(file, certificate);
  std::fclose(file);
  file = std::fopen(key_file.c_str(), "w");
  PEM_write_PrivateKey(file, key, nullptr, nullptr, 0, nullptr, nullptr);
  std::fclose(file);
  X509_free(certificate);
  EVP_PKEY_free(key);
}

TEST(Server, SpeaksTls) {
  const Folder folder;
  write_certificate(folder.file("c.pem"), folder.file("k.pem"));
  auto tls = make_tls_context(folder.file("c.pem"), folder.file("k.pem"));
  ASSERT_TRUE(tls) << tls.error().message;
  const Running running(quick(), std::move(*tls));
  EXPECT_EQ(Client(running.port(), "https").ask("PUT", "/echo", {kAuthorization}, "abc").status, 200);
  EXPECT_EQ(Client(running.port(), "https").ask("PUT", "/echo", {kAuthorization}, std::string(200000, 'x')).status,
            413);
  EXPECT_EQ(Client(running.port(), "http").ask("GET", "/open").status, 0);
  Socket silent(running.port());
  EXPECT_EQ(silent.read_all(), "");
}

TEST(Server, UnusableCertificatesAreNamed) {
  const Folder folder;
  write_certificate(folder.file("c.pem"), folder.file("k.pem"));
  EXPECT_THAT(make_tls_context("/nonexistent", folder.file("k.pem")).error().message, HasSubstr("tls_certificate"));
  EXPECT_THAT(make_tls_context(folder.file("c.pem"), folder.file("c.pem")).error().message, HasSubstr("tls_key"));
}

}  // namespace
}  // namespace neolia::gateway::net
