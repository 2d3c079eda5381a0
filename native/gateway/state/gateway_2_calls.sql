-- SPDX-License-Identifier: Apache-2.0
-- gateway.sqlite, from version 1 to 2: who is there, and which calls have not ended.

-- Since when an account has no contact, in microseconds since the epoch; NULL while it has one.
CREATE TABLE presence (
  username TEXT PRIMARY KEY,
  since INTEGER
) WITHOUT ROWID;

-- Contacts by their ruid; `session` is empty for the account's own credentials, `gone` is 0 while the contact is there.
CREATE TABLE device (
  device TEXT PRIMARY KEY,
  username TEXT NOT NULL,
  session TEXT NOT NULL,
  gone INTEGER NOT NULL
) WITHOUT ROWID;

-- Calls that have not ended, as JSON; written with the event that changed them.
CREATE TABLE call (
  call_id TEXT PRIMARY KEY,
  call TEXT NOT NULL
) WITHOUT ROWID;
