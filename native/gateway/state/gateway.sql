-- SPDX-License-Identifier: Apache-2.0
-- gateway.sqlite, version 1.

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

-- Messages that visitors left; the files lie in the folder messages. announced: their event is in the event log.
CREATE TABLE message (
  message_id TEXT PRIMARY KEY,
  call_id TEXT NOT NULL,
  at TEXT NOT NULL,
  unit_id TEXT NOT NULL,
  caller TEXT NOT NULL,
  seconds INTEGER NOT NULL,
  video INTEGER NOT NULL,
  media_type TEXT NOT NULL,
  size INTEGER NOT NULL,
  announced INTEGER NOT NULL
) WITHOUT ROWID;
