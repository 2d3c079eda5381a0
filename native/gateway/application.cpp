// SPDX-License-Identifier: Apache-2.0
#include "gateway/application.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <chrono>
#include <csignal>
#include <functional>
#include <future>
#include <memory>
#include <sstream>
#include <thread>

#include "gateway/api/endpoints.hpp"
#include "gateway/kamailio/applier.hpp"
#include "gateway/kamailio/certificate_watch.hpp"
#include "gateway/kamailio/datagram_rpc.hpp"
#include "gateway/kamailio/event_copier.hpp"
#include "gateway/kamailio/flags.hpp"
#include "gateway/kamailio/live.hpp"
#include "gateway/kamailio/lost_calls.hpp"
#include "gateway/log.hpp"
#include "gateway/media/media_thread.hpp"
#include "gateway/media/message_event.hpp"
#include "gateway/net/server.hpp"
#include "gateway/net/tls.hpp"
#include "gateway/state/data_folder.hpp"

namespace neolia::gateway {
namespace {

namespace asio = boost::asio;

constexpr std::chrono::seconds kTick{1};
constexpr std::chrono::seconds kPatience{3};
constexpr std::chrono::milliseconds kFlagPatience{500};
constexpr std::size_t kMaxAgentCalls = 32;

using Tls = std::optional<asio::ssl::context>;

model::Result<Tls> make_tls(const Settings& settings) {
  if (settings.tls_certificate.empty()) return Tls();
  return net::make_tls_context(settings.tls_certificate, settings.tls_key).map([](auto context) {
    return Tls(std::move(context));
  });
}

net::Limits make_limits(const Settings& settings) {
  return {static_cast<std::size_t>(settings.max_connections), static_cast<std::size_t>(settings.max_body_bytes),
          std::chrono::seconds(settings.header_seconds),      std::chrono::seconds(settings.body_seconds),
          std::chrono::seconds(settings.send_seconds),        std::chrono::seconds(settings.idle_seconds)};
}

std::set<std::string, std::less<>> read_words(const std::string& text) {
  std::istringstream stream(text);
  return {std::istream_iterator<std::string>(stream), {}};
}

/// A new gateway.sqlite beside an old sip.sqlite must not use its keys again.
rules::Key used_key(const state::SnapshotFiles& files) {
  const auto sys = files.read_sys();
  const auto last = sys ? sys->find("last_key") : state::Entries::const_iterator();
  return sys && last != sys->end() ? std::strtoll(last->second.c_str(), nullptr, 10) : 0;
}

rules::Time now() { return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now()); }

media::MediaThread::Options make_media_options(const Settings& settings) {
  const auto rtpengine = read_host_port(settings.rtpengine_address).value();
  return {{asio::ip::make_address(rtpengine.address), rtpengine.port},
          {settings.agent_address, settings.sip_address, kMaxAgentCalls},
          {settings.ffmpeg, std::chrono::seconds(settings.message_seconds)},
          {settings.data_folder + "/greetings", settings.greetings_folder, settings.greeting_language, settings.ffmpeg},
          settings.data_folder + "/messages",
          {std::chrono::days(settings.message_keep_days), settings.message_keep_megabytes * 1'000'000}};
}

/// Where Kamailio and people learn how the media parts are.
void show(const media::Health& health, kamailio::Flags& flags, kamailio::StatusBoard& board) {
  if (health.rtpengine) flags.want("rtpengine", *health.rtpengine);
  flags.want("voicemail", health.voicemail);
  board.set_media([&](kamailio::MediaStatus& status) {
    status = {health.rtpengine.value_or(false), health.voicemail, health.messages.messages, health.messages.bytes};
  });
}

/// Has `work` done on `context`, and waits no longer than `patience` for it.
void wait_for(asio::io_context& context, std::chrono::milliseconds patience, std::function<void()> work) {
  const auto done = std::make_shared<std::promise<void>>();
  asio::post(context, [done, work = std::move(work)] {
    work();
    done->set_value();
  });
  done->get_future().wait_for(patience);
}

/// Ends with its io_context.
asio::awaitable<void> every_second(std::function<void()> tick) {
  asio::steady_timer timer(co_await asio::this_coro::executor);
  for (;;) {
    tick();
    timer.expires_after(kTick);
    co_await timer.async_wait(asio::as_tuple(asio::use_awaitable));
  }
}

}  // namespace

/// The map of the process: every part, in the order in which they need each other.
model::Result<void> run(const Settings& settings) {
  // What can be wrong with an installation, before anything moves.
  const auto token = read_token(settings.token_file);
  if (!token) return tl::unexpected(token.error());
  const auto turn = Turn::from(settings);
  if (!turn) return tl::unexpected(turn.error());
  auto tls = make_tls(settings);
  if (!tls) return tl::unexpected(tls.error());

  // The files. Both logs are one file: one object writes, the other serves those who catch up.
  const auto folder = state::DataFolder::open(settings.data_folder);
  if (!folder) return tl::unexpected(folder.error());
  auto files = state::SnapshotFiles::open(*folder);
  if (!files) return tl::unexpected(files.error());
  const auto keys = files->read_keys();
  if (!keys) return tl::unexpected(keys.error());
  auto written_log = state::EventLog::open(folder->gateway_file(), settings.event_log_rows);
  if (!written_log) return tl::unexpected(written_log.error());
  auto read_log = state::EventLog::open(folder->gateway_file(), settings.event_log_rows);
  if (!read_log) return tl::unexpected(read_log.error());
  auto absences = written_log->read_absences();
  if (!absences) return tl::unexpected(absences.error());
  auto devices = written_log->read_devices();
  if (!devices) return tl::unexpected(devices.error());
  const auto stored_calls = written_log->read_calls();
  if (!stored_calls) return tl::unexpected(stored_calls.error());
  state::Outbox outbox(folder->events_file());
  const state::LocationFile locations(folder->location_file());
  state::Accepted accepted(state::Keys(*keys, used_key(*files)));

  const state::Sessions sessions(folder->sip_file());

  // One way to Kamailio per thread.
  const std::chrono::milliseconds patience(settings.kamailio_milliseconds);
  kamailio::DatagramRpc apply_rpc(settings.kamailio_rpc_socket, "apply", patience);
  kamailio::DatagramRpc events_rpc(settings.kamailio_rpc_socket, "events", patience);
  kamailio::DatagramRpc query_rpc(settings.kamailio_rpc_socket, "query", patience);
  kamailio::DatagramRpc calls_rpc(settings.kamailio_rpc_socket, "calls", patience);
  auto certificate = kamailio::CertificateWatch::on(settings.sip_certificate, calls_rpc);
  if (!certificate) return tl::unexpected(certificate.error());

  // Four contexts: the I/O never blocks, snapshots are applied one after the other, calls and sessions end at once,
  // look-ups wait for nobody else.
  asio::io_context io(1);
  asio::io_context apply(1);
  asio::io_context ending(1);
  asio::thread_pool query(1);

  // From Kamailio: outbox -> event log -> feed.
  api::EventFeed feed(written_log->stream(), written_log->last(), static_cast<std::size_t>(settings.event_queue));
  kamailio::FileWatch watch(folder->path(), "events.sqlite-wal");
  const auto publish = [&](std::vector<state::LoggedEvent> events) {
    asio::post(io, [&feed, events = std::move(events)] { feed.publish(events); });
  };
  state::Presence presence(std::move(*absences), std::move(*devices));
  kamailio::Calls calls(*stored_calls);
  kamailio::EventCopier copier({outbox, *written_log, accepted, presence, calls, *folder, events_rpc, watch, publish});

  // Calls and sessions that must end.
  api::SipSockets sip_sockets(static_cast<std::size_t>(settings.max_sip_connections));
  const auto keep_sockets = [&](const std::set<std::string>& living) {
    asio::post(io, [&sip_sockets, living] { sip_sockets.keep(living); });
  };
  kamailio::SessionKeeper session_keeper({calls_rpc, sessions, presence, calls, keep_sockets});
  kamailio::LostCalls lost_calls(calls_rpc, calls, [&](const std::string& call_id) {
    const auto appended = copier.append_lost(call_id);
    if (!appended) log::error("the end of a call is not logged", {{"error", appended.error().message}});
  });

  // To Kamailio: snapshot -> sip.sqlite -> htables.
  kamailio::StatusBoard board;
  const auto on_refill = [&](bool restarted) {
    copier.acknowledge_again();
    if (!restarted) return;
    asio::post(ending, [&] {
      session_keeper.look_again();
      lost_calls.suspect_all();
    });
  };
  kamailio::Live live({accepted, *files, locations, apply_rpc, board, calls, on_refill, [&] { copier.repair(); },
                       folder->location_is_made_again()});
  kamailio::Applier applier({accepted, *files, live, now, static_cast<std::size_t>(settings.max_body_bytes)});
  if (auto restored = applier.restore(); !restored) return restored;

  // Sound and pictures: RTPEngine, the agent, messages.
  kamailio::Flags flags(apply_rpc);
  auto kept_messages = state::Messages::open(folder->gateway_file());
  if (!kept_messages) return tl::unexpected(kept_messages.error());
  auto read_messages = state::Messages::open(folder->gateway_file());
  if (!read_messages) return tl::unexpected(read_messages.error());
  const auto announce = [&](const state::Message& message) {
    return copier.append_own(media::make_event(message, accepted)).has_value();
  };
  const auto on_health = [&](const media::Health& health) {
    show(health, flags, board);
    asio::post(apply, [&flags] { flags.keep(); });
  };
  const auto media_options = make_media_options(settings);
  media::MediaThread media(media_options, {accepted, std::move(*kept_messages), announce, on_health});
  if (const auto started = media.start(); !started) {
    return tl::unexpected(model::Error{model::ErrorCode::storage, started.error(), {}});
  }

  // The world.
  const auto sip_websocket = read_host_port(settings.sip_websocket).value();
  api::Services services{board,
                         accepted,
                         feed,
                         calls,
                         presence,
                         *turn,
                         sip_sockets,
                         {std::chrono::seconds(settings.send_seconds), std::chrono::seconds(settings.idle_seconds)},
                         {asio::ip::make_address(sip_websocket.address), sip_websocket.port},
                         apply.get_executor(),
                         applier,
                         query.get_executor(),
                         query_rpc,
                         locations,
                         *read_log,
                         ending.get_executor(),
                         calls_rpc,
                         sessions,
                         session_keeper,
                         media,
                         *read_messages,
                         media_options.messages_folder};
  net::Server server(io,
                     {api::make_endpoints(services, io.get_executor()), net::Token(*token), make_limits(settings),
                      read_words(settings.allowed_origins)},
                     std::move(*tls));
  const auto port = server.listen(settings.listen_address, static_cast<std::uint16_t>(settings.listen_port));
  if (!port) return tl::unexpected(port.error());
  log::info("listening", {{"address", settings.listen_address},
                          {"port", std::to_string(*port)},
                          {"tls", settings.tls_certificate.empty() ? "no" : "yes"}});

  // Threads start last and end in the reverse order.
  asio::signal_set signals(io, SIGTERM, SIGINT);
  signals.async_wait([&](boost::system::error_code, int signal) {
    log::info("stopping", {{"signal", std::to_string(signal)}});
    media.close();
    server.stop(kPatience, [&] {
      apply_rpc.stop();
      query_rpc.stop();
      calls_rpc.stop();
    });
  });
  const auto follow = [&] {
    applier.tick();
    live.tick();
    flags.keep();
  };
  const auto end_what_is_over = [&] {
    session_keeper.tick();
    lost_calls.tick();
    certificate->tick();
  };
  asio::co_spawn(apply, every_second(follow), asio::detached);
  asio::co_spawn(ending, every_second(end_what_is_over), asio::detached);
  std::jthread apply_thread([&] { apply.run(); });
  std::jthread ending_thread([&] { ending.run(); });
  std::jthread copy_thread([&](const std::stop_token& stop) { copier.run(stop); });
  io.run();
  media.stop();
  wait_for(apply, kFlagPatience, [&flags] { flags.keep(); });
  apply.stop();
  ending.stop();
  apply_rpc.stop();
  calls_rpc.stop();
  copy_thread.request_stop();
  watch.wake();
  query.join();
  return {};
}

}  // namespace neolia::gateway
