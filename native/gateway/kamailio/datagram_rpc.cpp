// SPDX-License-Identifier: Apache-2.0
#include "gateway/kamailio/datagram_rpc.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <system_error>

#include "gateway/kamailio/rpc_reply.hpp"

namespace neolia::gateway::kamailio {
namespace {

using model::Json;
using std::chrono::steady_clock;

constexpr std::size_t kMaxReply = 256U << 10U;

struct Address {
  explicit Address(const std::string& path) {
    if (path.size() >= sizeof(un.sun_path)) {
      throw std::system_error(ENAMETOOLONG, std::generic_category(), "kamailio_rpc_socket " + path);
    }
    un.sun_family = AF_UNIX;
    std::memcpy(un.sun_path, path.c_str(), path.size() + 1);
  }
  [[nodiscard]] const sockaddr* generic() const { return reinterpret_cast<const sockaddr*>(&un); }

  sockaddr_un un{};
};

tl::unexpected<RpcError> away(const std::string& server, const std::string& why) {
  return tl::unexpected(RpcError{RpcError::Kind::away, "Kamailio at " + server + ": " + why});
}

}  // namespace

DatagramRpc::DatagramRpc(std::string server, const std::string& role, std::chrono::milliseconds patience)
    : server_(std::move(server)), own_path_(server_ + "." + role), patience_(patience), reply_(kMaxReply, '\0') {
  const Address address(own_path_);
  socket_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  nameless_ = ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
  stopped_ = ::eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
  ::unlink(own_path_.c_str());
  if (socket_ < 0 || nameless_ < 0 || stopped_ < 0 || ::bind(socket_, address.generic(), sizeof address.un) != 0 ||
      ::chmod(own_path_.c_str(), S_IRUSR | S_IWUSR) != 0) {
    const std::system_error error(errno, std::generic_category(), "cannot make the socket " + own_path_);
    close_all();
    throw error;
  }
}

DatagramRpc::~DatagramRpc() {
  ::unlink(own_path_.c_str());
  close_all();
}

void DatagramRpc::close_all() const {
  for (const int descriptor : {socket_, nameless_, stopped_}) ::close(descriptor);
}

RpcResult<Json> DatagramRpc::call(std::string_view method, const Json& params) {
  const std::int64_t id = ++last_id_;
  const std::string request = Json{{"jsonrpc", "2.0"}, {"method", method}, {"params", params}, {"id", id}}.dump();
  const auto start = steady_clock::now();
  for (const auto deadline : {start + patience_ / 2, start + patience_}) {
    if (const auto sent = send(socket_, request); !sent) return tl::unexpected(sent.error());
    auto reply = receive(id, deadline);
    if (reply || reply.error().kind == RpcError::Kind::refused) return reply;
  }
  return away(server_, "no answer to " + std::string(method) + " in " + std::to_string(patience_.count()) + " ms");
}

void DatagramRpc::notify(std::string_view method, const Json& params) {
  const Json request = {{"jsonrpc", "2.0"}, {"method", method}, {"params", params}};
  static_cast<void>(send(nameless_, request.dump()));
}

RpcResult<void> DatagramRpc::send(int socket, const std::string& request) const {
  const Address address(server_);
  const auto sent = ::sendto(socket, request.data(), request.size(), MSG_DONTWAIT | MSG_NOSIGNAL, address.generic(),
                             sizeof address.un);
  if (sent >= 0 || errno == EAGAIN || errno == EWOULDBLOCK)
    return {};  // a full queue drains, or the reply does not come
  return away(server_, std::generic_category().message(errno));
}

bool DatagramRpc::wait_readable(Deadline deadline) const {
  const auto left = std::chrono::ceil<std::chrono::milliseconds>(deadline - steady_clock::now()).count();
  std::array<pollfd, 2> polls{{{socket_, POLLIN, 0}, {stopped_, POLLIN, 0}}};
  if (::poll(polls.data(), polls.size(), static_cast<int>(std::max<std::int64_t>(0, left))) <= 0) return false;
  return polls[1].revents == 0;
}

void DatagramRpc::stop() {
  const std::uint64_t one = 1;
  [[maybe_unused]] const auto written = ::write(stopped_, &one, sizeof one);
}

RpcResult<Json> DatagramRpc::receive(std::int64_t id, Deadline deadline) {
  while (wait_readable(deadline)) {
    const auto size = ::recv(socket_, reply_.data(), reply_.size(), MSG_DONTWAIT | MSG_TRUNC);
    if (size < 0 || static_cast<std::size_t>(size) > reply_.size()) continue;
    auto reply = read_reply(std::string_view(reply_).substr(0, static_cast<std::size_t>(size)), id);
    if (reply) return std::move(*reply);
  }
  return away(server_, "no answer");
}

}  // namespace neolia::gateway::kamailio
