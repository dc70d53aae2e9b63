-- The one truth. `region` is a division code of the civil affairs ministry and is never changed; `head` is the
-- hash of the entry numbered `seq`, so that an append needs this row only.
create table if not exists region (
  region bigint not null,
  name text not null,
  seq bigint not null,
  head blob not null,
  primary key (region)
);

-- Entries are appended, never changed. Instants are microseconds since 1970 (UTC), dates are ISO 8601 text,
-- `event` is JSON that SQL never looks into. `ordinal` is the place within the docket of `subject`: two writers
-- who both saw ordinal n meet in the unique constraint, and one of them is told.
create table if not exists journal (
  region bigint not null,
  seq bigint not null,
  recorded_at bigint not null,
  effective_on text not null,
  actor text not null,
  subject_kind text not null,
  subject text not null,
  ordinal bigint not null,
  event text not null,
  prev blob not null,
  hash blob not null,
  primary key (region, seq),
  unique (region, subject, ordinal),
  foreign key (region) references region (region)
);

-- What was recorded after an instant: a report as of that instant undoes just these dockets.
create index if not exists journal_recorded on journal (region, recorded_at, subject);
