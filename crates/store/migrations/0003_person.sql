-- Personal data of applicants: encrypted by the caller, kept apart from the journal so that it can be erased
-- lawfully while the chain stays verifiable.
create table if not exists personal (
  region bigint not null,
  id text not null,
  subject_kind text not null,
  subject text not null,
  nonce blob not null,
  sealed blob not null,
  erased_at bigint,
  primary key (region, id)
);

create index if not exists personal_subject on personal (region, subject);

create table if not exists account (
  region bigint not null,
  id text not null,
  login text not null,
  name text not null,
  unit text,
  roles text not null,
  disabled bigint not null,
  version bigint not null,
  primary key (region, id),
  unique (region, login)
);

-- Not derived from the journal: a password never enters it.
create table if not exists secret (
  region bigint not null,
  account text not null,
  password_hash text not null,
  failed bigint not null,
  locked_until bigint,
  primary key (region, account),
  foreign key (region, account) references account (region, id)
);

create table if not exists session (
  region bigint not null,
  token_hash text not null,
  account text not null,
  created_at bigint not null,
  expires_at bigint not null,
  seen_at bigint not null,
  primary key (region, token_hash),
  foreign key (region, account) references account (region, id)
);

create index if not exists session_account on session (region, account);
create index if not exists session_expires on session (region, expires_at);
