-- SPDX-License-Identifier: Apache-2.0
-- sip.sqlite: what Kamailio reads. Written by the gateway only. Contents: docs/architecture.md §2–3.

CREATE TABLE version (
  id INTEGER PRIMARY KEY,
  table_name VARCHAR(32) NOT NULL UNIQUE,
  table_version INTEGER NOT NULL DEFAULT 0
);

-- Enabled accounts. `kind` is the letter of the caller's descriptor; keys are 0 below the account's owner.
CREATE TABLE subscriber (
  id INTEGER PRIMARY KEY,
  username VARCHAR(64) NOT NULL,
  domain VARCHAR(255) NOT NULL,
  ha1 VARCHAR(32) NOT NULL,
  ha1_sha256 VARCHAR(64) NOT NULL,
  account_key INTEGER NOT NULL,
  kind VARCHAR(1) NOT NULL CHECK (kind IN ('d', 'p', 'm')),
  unit_key INTEGER NOT NULL DEFAULT 0,
  building_key INTEGER NOT NULL DEFAULT 0,
  site_key INTEGER NOT NULL,
  UNIQUE (username, domain)
);

-- Extra credentials of an account, for one browser or one test call; `expires` in seconds since the epoch. A "+" in the
-- username keeps them apart from accounts.
CREATE TABLE session (
  username VARCHAR(64) PRIMARY KEY,
  ha1 VARCHAR(32) NOT NULL,
  ha1_sha256 VARCHAR(64) NOT NULL,
  account VARCHAR(64) NOT NULL,
  expires INTEGER NOT NULL,
  test INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE INDEX session_account ON session (account);

-- Who may sign in as which account. A session has the keys of its account and ends with it.
CREATE VIEW credentials AS
SELECT username, domain, ha1, ha1_sha256, username AS account, 0 AS test,
  account_key, kind, unit_key, building_key, site_key
FROM subscriber
UNION ALL
SELECT session.username, domain, session.ha1, session.ha1_sha256, session.account, session.test,
  account_key, kind, unit_key, building_key, site_key
FROM session JOIN subscriber ON subscriber.username = session.account
WHERE session.expires > CAST(strftime('%s', 'now') AS INTEGER);

-- The columns of an htable's dbtable; all entries are strings (both types 0) that never expire.
CREATE TABLE dial (
  key_name TEXT PRIMARY KEY,
  key_type INTEGER NOT NULL DEFAULT 0,
  value_type INTEGER NOT NULL DEFAULT 0,
  key_value TEXT NOT NULL,
  expires INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE rules (
  key_name TEXT PRIMARY KEY,
  key_type INTEGER NOT NULL DEFAULT 0,
  value_type INTEGER NOT NULL DEFAULT 0,
  key_value TEXT NOT NULL,
  expires INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE targets (
  key_name TEXT PRIMARY KEY,
  key_type INTEGER NOT NULL DEFAULT 0,
  value_type INTEGER NOT NULL DEFAULT 0,
  key_value TEXT NOT NULL,
  expires INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

CREATE TABLE sys (
  key_name TEXT PRIMARY KEY,
  key_type INTEGER NOT NULL DEFAULT 0,
  value_type INTEGER NOT NULL DEFAULT 0,
  key_value TEXT NOT NULL,
  expires INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;

INSERT INTO version (table_name, table_version) VALUES ('version', 1), ('credentials', 7);
