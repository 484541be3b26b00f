import type Database from 'better-sqlite3'

/**
 * Everything that is derived from files hangs on one row of `locations` and goes with it; user data has tables of its own.
 * Numbers of `tensors` that may be fractions are declared ANY: a REAL column drops the sign of -0.
 */
const FIRST_SCHEMA = `
  CREATE TABLE locations (
    id INTEGER PRIMARY KEY AUTOINCREMENT,
    location TEXT NOT NULL UNIQUE,
    fingerprint_version INTEGER NOT NULL
  ) STRICT;

  CREATE TABLE files (
    location_id INTEGER NOT NULL REFERENCES locations ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    path TEXT NOT NULL,
    size INTEGER NOT NULL,
    mtime_ns TEXT NOT NULL,
    device TEXT NOT NULL,
    inode TEXT NOT NULL,
    PRIMARY KEY (location_id, ordinal)
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE models (
    location_id INTEGER PRIMARY KEY REFERENCES locations ON DELETE CASCADE,
    kind TEXT NOT NULL,
    layout TEXT NOT NULL,
    content_hash BLOB NOT NULL,
    bytes INTEGER NOT NULL,
    measured_at TEXT NOT NULL
  ) STRICT;

  CREATE TABLE tensors (
    location_id INTEGER NOT NULL REFERENCES models ON DELETE CASCADE,
    ordinal INTEGER NOT NULL,
    name TEXT NOT NULL,
    block INTEGER NOT NULL,
    dtype TEXT NOT NULL,
    shape TEXT NOT NULL,
    hash BLOB NOT NULL,
    count ANY, nan ANY, infinite ANY, zeros ANY,
    min ANY, max ANY, mean ANY, variance ANY, skewness ANY, excess_kurtosis ANY,
    l1 ANY, sum_squares ANY, smallest_non_zero ANY, spacing_squares ANY,
    exponent_first INTEGER,
    exponent_counts TEXT,
    grid_scope TEXT, grid_group_size INTEGER, grid_levels INTEGER, grid_residual ANY, grid_steps BLOB,
    sample BLOB,
    sketch BLOB,
    row_hash BLOB NOT NULL,
    UNIQUE (location_id, ordinal)
  ) STRICT;

  CREATE TABLE problems (
    location_id INTEGER PRIMARY KEY REFERENCES locations ON DELETE CASCADE,
    code TEXT NOT NULL,
    message TEXT NOT NULL,
    path TEXT NOT NULL,
    byte_offset INTEGER
  ) STRICT;

  CREATE TABLE settings (
    key TEXT PRIMARY KEY,
    value TEXT NOT NULL
  ) STRICT, WITHOUT ROWID;
`

/** The folders that the user has granted, and what was recovered in each: derived, but kept while its drive is away. */
const FOLDERS = `
  CREATE TABLE folders (
    id TEXT PRIMARY KEY,
    path TEXT NOT NULL UNIQUE,
    granted_at TEXT NOT NULL,
    last_seen TEXT
  ) STRICT, WITHOUT ROWID;

  CREATE TABLE graphs (
    folder_id TEXT PRIMARY KEY REFERENCES folders ON DELETE CASCADE,
    inputs TEXT NOT NULL,
    recovered_at TEXT NOT NULL,
    complete INTEGER NOT NULL,
    models INTEGER NOT NULL,
    problems INTEGER NOT NULL,
    graph TEXT NOT NULL
  ) STRICT;
`

const CLAIMS = "ALTER TABLE graphs ADD COLUMN claims TEXT NOT NULL DEFAULT '{}'"

/** Step i takes a library from schema version i to i + 1. A released step is never edited; a change is a new step. */
export const MIGRATIONS: readonly string[] = [FIRST_SCHEMA, FOLDERS, CLAIMS]

/** The version of the schema, 0 for a new file. */
export function schemaVersion(database: Database.Database): number {
  return database.pragma('user_version', { simple: true }) as number
}

/** Runs the steps that are missing, each in its own transaction; several processes may do so at once. */
export function migrate(database: Database.Database, steps: readonly string[] = MIGRATIONS): void {
  const nextStep = database.transaction(() => {
    const version = schemaVersion(database)
    const step = steps[version]
    if (step === undefined) return
    database.exec(step)
    database.pragma(`user_version = ${version + 1}`)
  })
  while (schemaVersion(database) < steps.length) nextStep.immediate()
}
