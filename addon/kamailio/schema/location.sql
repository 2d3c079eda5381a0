-- SPDX-License-Identifier: Apache-2.0
-- location.sqlite: registrations. Written by Kamailio only (usrloc, db_mode 2); column names and version are usrloc's.

CREATE TABLE version (
  id INTEGER PRIMARY KEY,
  table_name VARCHAR(32) NOT NULL UNIQUE,
  table_version INTEGER NOT NULL DEFAULT 0
);

CREATE TABLE location (
  id INTEGER PRIMARY KEY,
  ruid VARCHAR(64) NOT NULL UNIQUE,
  username VARCHAR(64) NOT NULL,
  domain VARCHAR(64),
  contact VARCHAR(512) NOT NULL,
  received VARCHAR(128),
  path VARCHAR(512),
  expires DATETIME NOT NULL,
  q REAL NOT NULL DEFAULT 1.0,
  callid VARCHAR(255) NOT NULL,
  cseq INTEGER NOT NULL DEFAULT 1,
  last_modified DATETIME NOT NULL,
  flags INTEGER NOT NULL DEFAULT 0,
  cflags INTEGER NOT NULL DEFAULT 0,
  user_agent VARCHAR(255) NOT NULL DEFAULT '',
  socket VARCHAR(64),
  methods INTEGER,
  instance VARCHAR(255),
  reg_id INTEGER NOT NULL DEFAULT 0,
  server_id INTEGER NOT NULL DEFAULT 0,
  connection_id INTEGER NOT NULL DEFAULT 0,
  keepalive INTEGER NOT NULL DEFAULT 0,
  partition INTEGER NOT NULL DEFAULT 0
);

CREATE INDEX location_username ON location (username);
CREATE INDEX location_expires ON location (expires);

INSERT INTO version (table_name, table_version) VALUES ('version', 1), ('location', 9);
