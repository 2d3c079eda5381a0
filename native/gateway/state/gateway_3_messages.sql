-- SPDX-License-Identifier: Apache-2.0
-- gateway.sqlite, from version 2 to 3: what visitors left.

-- The files lie in the folder messages. announced: their event is in the event log.
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
