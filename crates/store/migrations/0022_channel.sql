-- Where published items go besides the portal. Derived from the journal.
create table if not exists channel (
  region bigint not null,
  id text not null,
  unit text not null,
  kind text not null,
  name text not null,
  address text not null,
  whole_region bigint not null,
  categories text not null,
  columns text not null,
  opened_on text not null,
  closed_on text,
  mark text,
  version bigint not null,
  primary key (region, id)
);

-- The secret a channel's items are signed with, sealed by the caller. Not part of the journal: it is replaced.
create table if not exists channel_secret (
  region bigint not null,
  channel text not null,
  nonce blob not null,
  sealed blob not null,
  primary key (region, channel)
);

-- What is to be told to a channel, was told, or could not be told. `seq` is the last entry of the journal it is about: what
-- happens to the document meanwhile is told again. Not derived: how sending went stands in no journal.
create table if not exists delivery (
  region bigint not null,
  id text not null,
  channel text not null,
  document text not null,
  unit text not null,
  what text not null,
  state text not null,
  seq bigint not null,
  digest text,
  made_at bigint not null,
  due_at bigint not null,
  tries bigint not null,
  settled_at bigint,
  failed text,
  primary key (region, id)
);

create index if not exists delivery_due on delivery (region, due_at, id) where state = 'waiting';
create index if not exists delivery_pair on delivery (region, channel, document, id);
create index if not exists delivery_document on delivery (region, document, id);
create index if not exists delivery_unit on delivery (region, unit, id);
create index if not exists delivery_state on delivery (region, state, id);
