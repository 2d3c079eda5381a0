// SPDX-License-Identifier: Apache-2.0
#include "gateway/state/location_file.hpp"

#include "gateway/state/database.hpp"

namespace neolia::gateway::state {

LocationFile::LocationFile(std::string path) : path_(std::move(path)) {}

model::Result<std::vector<Registration>> LocationFile::read(int limit) const {
  return guarded(path_, [&] {
    const auto database = open_read_only(path_);
    std::vector<Registration> registrations;
    SQLite::Statement query(
        *database,
        "SELECT username, contact, user_agent, strftime('%Y-%m-%dT%H:%M:%SZ', expires) FROM location "
        "WHERE julianday(expires) > julianday('now') ORDER BY username, id LIMIT ?");
    query.bind(1, limit);
    while (query.executeStep()) {
      registrations.push_back({query.getColumn(0).getString(), query.getColumn(1).getString(),
                               query.getColumn(2).getString(), query.getColumn(3).getString()});
    }
    return registrations;
  });
}

model::Result<std::vector<std::string>> LocationFile::usernames() const {
  return guarded(path_, [&] {
    const auto database = open_read_only(path_);
    std::vector<std::string> usernames;
    SQLite::Statement query(*database, "SELECT DISTINCT username FROM location");
    while (query.executeStep()) usernames.push_back(query.getColumn(0).getString());
    return usernames;
  });
}

}  // namespace neolia::gateway::state
