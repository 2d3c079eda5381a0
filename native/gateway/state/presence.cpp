// SPDX-License-Identifier: Apache-2.0
#include "gateway/state/presence.hpp"

namespace neolia::gateway::state {

Presence::Presence(std::vector<Absence> absences, std::vector<Device> devices) {
  for (auto& absence : absences) absences_.emplace(std::move(absence.username), absence.since);
  for (auto& device : devices) devices_.emplace(device.device, std::move(device));
}

void Presence::note(const Sighting& sighting) {
  const std::scoped_lock lock(mutex_);
  absences_[sighting.username] = sighting.registered || sighting.left > 0 ? std::nullopt : std::optional(sighting.at);
  note_device(sighting);
}

void Presence::note_device(const Sighting& sighting) {
  if (sighting.registered) {
    devices_[sighting.device] = {sighting.device, sighting.username, sighting.session, 0};
    return;
  }
  if (const auto found = devices_.find(sighting.device); found != devices_.end()) found->second.gone = sighting.at;
  std::erase_if(devices_, [&](const auto& entry) {
    const Device& device = entry.second;
    return device.gone != 0 && (device.session.empty() || device.gone < sighting.at - kRememberDevice);
  });
}

std::optional<std::int64_t> Presence::absent_since(const std::string& username) const {
  const std::scoped_lock lock(mutex_);
  const auto found = absences_.find(username);
  return found == absences_.end() ? std::nullopt : found->second;
}

std::vector<Device> Presence::devices_of_sessions() const {
  const std::scoped_lock lock(mutex_);
  std::vector<Device> devices;
  for (const auto& [id, device] : devices_) {
    if (!device.session.empty()) devices.push_back(device);
  }
  return devices;
}

std::optional<Device> Presence::find(const std::string& device) const {
  const std::scoped_lock lock(mutex_);
  const auto found = devices_.find(device);
  return found == devices_.end() ? std::nullopt : std::optional(found->second);
}

}  // namespace neolia::gateway::state
