-- SPDX-License-Identifier: Apache-2.0
-- gateway.sqlite, version 1. Later versions: gateway_<number>_<what>.sql beside this file.

-- Integers that name objects inside Kamailio; never used again.
CREATE TABLE object_key (
  id TEXT PRIMARY KEY,
  key INTEGER NOT NULL
) WITHOUT ROWID;

-- The accepted snapshot as it came: the whole (position 0) and the changes after it.
CREATE TABLE snapshot (
  position INTEGER PRIMARY KEY,
  revision INTEGER NOT NULL,
  text TEXT NOT NULL
);

-- Accounts whose contacts Kamailio must still drop.
CREATE TABLE contact_to_drop (
  username TEXT PRIMARY KEY
) WITHOUT ROWID;

CREATE TABLE event (
  number INTEGER PRIMARY KEY,
  event TEXT NOT NULL
);

-- The event log: its stream, its newest number, and how far which outbox is copied.
CREATE TABLE event_cursor (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  stream TEXT NOT NULL,
  last INTEGER NOT NULL,
  outbox_file INTEGER NOT NULL,
  outbox_id INTEGER NOT NULL
);
