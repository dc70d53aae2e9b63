-- What applicants leave without an account. None of it is derived from the journal.

-- Forms not submitted yet: sealed, found by the digest of a code, gone when submitted or expired.
create table if not exists draft (
  region bigint not null,
  digest text not null,
  nonce blob not null,
  sealed blob not null,
  saved_at bigint not null,
  expires_at bigint not null,
  primary key (region, digest)
);

create index if not exists draft_expires on draft (region, expires_at);

-- What an applicant wrote to a request later: a correction, reasons, a confirmation. Sealed, and erased with the person.
create table if not exists submission (
  region bigint not null,
  id text not null,
  request text not null,
  kind text not null,
  recorded_at bigint not null,
  nonce blob not null,
  sealed blob not null,
  erased_at bigint,
  primary key (region, id)
);

create index if not exists submission_request on submission (region, request, id);

-- How often published items were suggested, opened, and asked for all the same: counters without personal data.
create table if not exists suggestion (
  region bigint not null,
  unit text not null,
  counted_on text not null,
  kind text not null,
  n bigint not null,
  primary key (region, unit, counted_on, kind)
);
