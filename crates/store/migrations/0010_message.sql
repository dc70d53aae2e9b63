-- Messages (来信): electronic mail that came into the inbox of a unit, and what became of it. What it says is sealed in
-- `personal`. The same message comes in once (`digest`).
create table if not exists message (
  region bigint not null,
  id text not null,
  unit text not null,
  kind text not null,
  state text not null,
  stray text,
  request text,
  digest text not null,
  content text,
  arrived_on text not null,
  version bigint not null,
  primary key (region, id),
  unique (region, digest)
);

create index if not exists message_state on message (region, unit, state, id);

-- Who sent it, as a keyed digest of the address: how many came from one sender. Not derived from the journal.
create table if not exists sender (
  region bigint not null,
  message text not null,
  digest text not null,
  came_at bigint not null,
  primary key (region, message)
);

create index if not exists sender_digest on sender (region, digest, came_at);

-- Letters by e-mail to people outside: address and text are sealed. `key` makes each once.
create table if not exists reply (
  region bigint not null,
  id text not null,
  key text not null,
  unit text not null,
  request text,
  nonce blob not null,
  sealed blob not null,
  state text not null,
  made_at bigint not null,
  due_at bigint not null,
  tries bigint not null,
  failed text,
  primary key (region, id),
  unique (region, key)
);

create index if not exists reply_due on reply (region, due_at, id) where state = 'waiting';
create index if not exists reply_made on reply (region, made_at);
