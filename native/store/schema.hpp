// SPDX-License-Identifier: Apache-2.0
/// The tables, one text per migration. What a row may contain beyond its form is checked in memory, where the whole
/// directory is known (rules::check); the constraints here catch mistakes of our own.
#pragma once

namespace neolia::store {

// Foreign keys are deferred: a change is written in any order and must fit at its end. Their child columns need an
// index, or the deletion of one parent reads all children.
inline constexpr const char* kObjectsSchema = R"sql(
CREATE TABLE directory (
  only_row INTEGER PRIMARY KEY CHECK (only_row = 1),
  id       TEXT NOT NULL,
  name     TEXT NOT NULL,
  realm    TEXT NOT NULL,
  revision INTEGER NOT NULL
) STRICT;

CREATE TABLE sites (
  id              TEXT PRIMARY KEY,
  name            TEXT NOT NULL,
  time_zone       TEXT NOT NULL,
  domain          TEXT NOT NULL,
  allowed_domains TEXT NOT NULL  -- JSON
) STRICT, WITHOUT ROWID;

CREATE TABLE buildings (
  id      TEXT PRIMARY KEY,
  site_id TEXT NOT NULL REFERENCES sites (id) DEFERRABLE INITIALLY DEFERRED,
  name    TEXT NOT NULL,
  code    TEXT NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX buildings_of_site ON buildings (site_id);

CREATE TABLE units (
  id             TEXT PRIMARY KEY,
  building_id    TEXT NOT NULL REFERENCES buildings (id) DEFERRABLE INITIALLY DEFERRED,
  name           TEXT NOT NULL,
  number         TEXT NOT NULL,
  do_not_disturb INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX units_of_building ON units (building_id);

CREATE TABLE accounts (
  id          TEXT PRIMARY KEY,
  unit_id     TEXT REFERENCES units (id) DEFERRABLE INITIALLY DEFERRED,
  building_id TEXT REFERENCES buildings (id) DEFERRABLE INITIALLY DEFERRED,
  site_id     TEXT REFERENCES sites (id) DEFERRABLE INITIALLY DEFERRED,
  kind        TEXT NOT NULL,
  username    TEXT NOT NULL,
  name        TEXT NOT NULL,
  enabled     INTEGER NOT NULL,
  ha1_md5     TEXT NOT NULL,
  ha1_sha256  TEXT NOT NULL,
  CHECK ((unit_id IS NOT NULL) + (building_id IS NOT NULL) + (site_id IS NOT NULL) = 1)
) STRICT, WITHOUT ROWID;
CREATE INDEX accounts_of_unit ON accounts (unit_id) WHERE unit_id IS NOT NULL;
CREATE INDEX accounts_of_building ON accounts (building_id) WHERE building_id IS NOT NULL;
CREATE INDEX accounts_of_site ON accounts (site_id) WHERE site_id IS NOT NULL;

CREATE TABLE doors (
  id           TEXT PRIMARY KEY,
  account_id   TEXT NOT NULL REFERENCES accounts (id) DEFERRABLE INITIALLY DEFERRED,
  name         TEXT NOT NULL,
  dtmf_code    TEXT,
  http_url     TEXT,
  ha_action    TEXT,
  ha_entity_id TEXT,
  CHECK ((dtmf_code IS NOT NULL) + (http_url IS NOT NULL) + (ha_action IS NOT NULL) = 1),
  CHECK ((ha_action IS NULL) = (ha_entity_id IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX doors_of_account ON doors (account_id);

CREATE TABLE rules (
  id             TEXT PRIMARY KEY,
  unit_id        TEXT REFERENCES units (id) DEFERRABLE INITIALLY DEFERRED,
  building_id    TEXT REFERENCES buildings (id) DEFERRABLE INITIALLY DEFERRED,
  site_id        TEXT REFERENCES sites (id) DEFERRABLE INITIALLY DEFERRED,
  position       INTEGER NOT NULL,
  enabled        INTEGER NOT NULL,
  source_pattern TEXT NOT NULL,
  schedule       TEXT,           -- JSON
  action         TEXT NOT NULL,
  target         TEXT NOT NULL,  -- JSON
  ring_seconds   INTEGER NOT NULL,
  on_decline     TEXT NOT NULL,
  CHECK ((unit_id IS NOT NULL) + (building_id IS NOT NULL) + (site_id IS NOT NULL) = 1)
) STRICT, WITHOUT ROWID;
CREATE INDEX rules_of_unit ON rules (unit_id) WHERE unit_id IS NOT NULL;
CREATE INDEX rules_of_building ON rules (building_id) WHERE building_id IS NOT NULL;
CREATE INDEX rules_of_site ON rules (site_id) WHERE site_id IS NOT NULL;
)sql";

inline constexpr const char* kRevisionsSchema = R"sql(
CREATE TABLE changes (
  revision  INTEGER NOT NULL,
  noun      TEXT NOT NULL,
  id        TEXT NOT NULL,
  operation TEXT NOT NULL,
  PRIMARY KEY (revision, noun, id)
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  sequence  INTEGER PRIMARY KEY AUTOINCREMENT,
  revision  INTEGER NOT NULL,
  at        INTEGER NOT NULL,  -- microseconds since the epoch
  actor     TEXT NOT NULL,
  operation TEXT NOT NULL,
  noun      TEXT NOT NULL,
  id        TEXT NOT NULL,
  before    TEXT,  -- JSON without credentials
  after     TEXT
) STRICT;
CREATE TRIGGER audit_is_not_updated BEFORE UPDATE ON audit BEGIN
  SELECT RAISE(ABORT, 'the audit table is append-only');
END;
CREATE TRIGGER audit_is_not_deleted BEFORE DELETE ON audit BEGIN
  SELECT RAISE(ABORT, 'the audit table is append-only');
END;
)sql";

// A call is the rows of one call_id; the first of them stands for it in lists.
inline constexpr const char* kEventsSchema = R"sql(
CREATE TABLE events (
  sequence INTEGER PRIMARY KEY AUTOINCREMENT,
  call_id  TEXT NOT NULL,
  is_first INTEGER NOT NULL,
  unit_id  TEXT,
  event    TEXT NOT NULL  -- JSON
) STRICT;
CREATE INDEX events_of_call ON events (call_id, sequence);
CREATE INDEX calls ON events (sequence) WHERE is_first;
CREATE INDEX calls_of_unit ON events (unit_id, sequence) WHERE is_first;

CREATE TABLE event_streams (
  stream        TEXT PRIMARY KEY,
  last_number   INTEGER NOT NULL,
  last_sequence INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
)sql";

}  // namespace neolia::store
