-- What an officer is told: made by jobs, each once (`key`). Addressed to an account, or to everybody of a unit with a role;
-- without a unit, to everybody of the region with that role. Not derived from the journal.
create table if not exists notice (
  region bigint not null,
  id text not null,
  key text not null,
  unit text,
  role text,
  account text,
  request text,
  kind text not null,
  body text not null,
  made_at bigint not null,
  read_at bigint,
  read_by text,
  primary key (region, id),
  unique (region, key)
);

create index if not exists notice_role on notice (region, role, unit, made_at, id);
create index if not exists notice_account on notice (region, account, made_at, id) where account is not null;
create index if not exists notice_unread on notice (region, role, unit) where read_at is null;
create index if not exists notice_made on notice (region, made_at);

-- What is done from time to time, by whichever process takes it: a lease says until when it is taken, and the fencing
-- number grows with every taking, so that who was too slow cannot finish what somebody else has taken since.
create table if not exists job (
  region bigint not null,
  kind text not null,
  due_at bigint not null,
  leased_until bigint,
  fence bigint not null,
  ran_at bigint,
  failed text,
  primary key (region, kind)
);

-- Letters by e-mail that wait to be sent, were sent, or cannot be sent. `key` makes each once.
create table if not exists mail (
  region bigint not null,
  id text not null,
  key text not null,
  account text not null,
  address text not null,
  subject text not null,
  body text not null,
  state text not null,
  made_at bigint not null,
  due_at bigint not null,
  tries bigint not null,
  failed text,
  primary key (region, id),
  unique (region, key)
);

create index if not exists mail_due on mail (region, due_at, id) where state = 'waiting';
create index if not exists mail_made on mail (region, made_at);

-- Where an officer is reached by e-mail. Not part of the journal, so that it can be taken away.
create table if not exists contact (
  region bigint not null,
  account text not null,
  email text not null,
  primary key (region, account),
  foreign key (region, account) references account (region, id)
);
