-- SPDX-License-Identifier: Apache-2.0
-- events.sqlite: what happened in calls, oldest first, until the gateway has it. Written by Kamailio only.

-- `event` is one JSON object (docs/architecture.md §4). Numbers are never used again, also after trimming.
CREATE TABLE outbox (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  event TEXT NOT NULL
);
