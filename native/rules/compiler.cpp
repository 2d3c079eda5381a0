// SPDX-License-Identifier: Apache-2.0
#include <set>
#include <type_traits>
#include <utility>

#include "rules/boundaries.hpp"
#include "rules/compile.hpp"
#include "rules/refresh.hpp"

namespace neolia::rules {
namespace {

/// The objects of a change whose compiled form may differ.
class Touched {
 public:
  Touched(const Facts& before, const model::Change& change) {
    model::for_each_noun([&](const auto& noun) {
      noun.ids(all_) = noun.ids(change.removed);
      for (const auto& object : noun.objects(change.put)) {
        const auto* const old = before.find<typename std::decay_t<decltype(noun)>::Object>(object.id);
        if (old != nullptr && compile_alike(*old, object)) continue;
        noun.ids(all_).push_back(object.id);
        note_site(object);
        if (old != nullptr) noun.ids(replaced_).push_back(object.id);
      }
    });
    for (const model::Id& id : all_.buildings) {
      if (const model::Building* building = before.building(id)) note_site(*building);
    }
  }

  void mark(const Facts& facts, Stale& stale) const {
    for_each(facts, all_, [&](const auto& object) { stale.mark(facts, object); });
    for_each(facts, replaced_, [&](const auto& object) { stale.mark_dependants(facts, object); });
    for (const model::Id& id : sites_) stale.mark_only_building(facts, id);
  }

 private:
  /// Spares a building with many units when only its name changes.
  static bool compile_alike(const model::Building& old, const model::Building& building) {
    return old.code == building.code && old.site_id == building.site_id;
  }
  static bool compile_alike(const auto&, const auto&) { return false; }

  static void for_each(const Facts& facts, const model::ObjectIds& ids, const auto& visit) {
    model::for_each_noun([&](const auto& noun) {
      for (const model::Id& id : noun.ids(ids)) {
        const auto* const object = facts.find<typename std::decay_t<decltype(noun)>::Object>(id);
        if (object != nullptr) visit(*object);
      }
    });
  }

  void note_site(const model::Building& building) { sites_.insert(building.site_id); }
  void note_site(const auto&) {}

  model::ObjectIds all_;
  model::ObjectIds replaced_;  ///< were there before and still are
  std::set<model::Id> sites_;  ///< whose buildings change
};

}  // namespace

class Compiler::State {
 public:
  State(std::string realm, KeyOf key_of, Time at) : realm_(std::move(realm)), key_of_(std::move(key_of)), at_(at) {}

  TablesChange apply(model::Change change, Time at) {
    Stale stale(key_of_);
    const Touched touched(facts_, change);
    touched.mark(facts_, stale);
    mark_passed(at, stale);
    const model::Change inverse = facts_.apply(std::move(change));
    touched.mark(facts_, stale);
    mark_new_time_zones(inverse, stale);
    at_ = at;
    TablesChange difference = refresh(stale, Entries(facts_, realm_, key_of_, at), tables_);
    for (const auto& [name, owner] : stale.rules) boundaries_.settle(facts_, owner, at);
    return difference;
  }

  [[nodiscard]] const Facts& facts() const { return facts_; }
  [[nodiscard]] const Tables& tables() const { return tables_; }
  [[nodiscard]] std::optional<Time> next_boundary() const { return boundaries_.first(); }

 private:
  void mark_passed(Time at, Stale& stale) const {
    if (at < at_) {
      boundaries_.mark_where(stale, [](const model::Owner&) { return true; });
    } else {
      boundaries_.mark_passed(at, stale);
    }
  }

  void mark_new_time_zones(const model::Change& inverse, Stale& stale) const {
    for (const model::Site& old : inverse.put.sites) {
      const model::Site* const site = facts_.site(old.id);
      if (site == nullptr || site->time_zone == old.time_zone) continue;
      boundaries_.mark_where(stale, [&](const model::Owner& owner) { return facts_.site_of(owner) == site; });
    }
  }

  const std::string realm_;
  const KeyOf key_of_;
  Time at_;
  Facts facts_;
  Tables tables_;
  Boundaries boundaries_;
};

Compiler::Compiler(std::string realm, KeyOf key_of, Time at)
    : state_(std::make_unique<State>(std::move(realm), std::move(key_of), at)) {}
Compiler::Compiler(Compiler&&) noexcept = default;
Compiler& Compiler::operator=(Compiler&&) noexcept = default;
Compiler::~Compiler() = default;

TablesChange Compiler::apply(model::Change change, Time at) { return state_->apply(std::move(change), at); }
const Facts& Compiler::facts() const { return state_->facts(); }
const Tables& Compiler::tables() const { return state_->tables(); }
std::optional<Time> Compiler::next_boundary() const { return state_->next_boundary(); }

}  // namespace neolia::rules
