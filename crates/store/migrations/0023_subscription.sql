-- Searches that readers follow by e-mail: derived from the journal, which knows neither who nor what.
create table if not exists subscription (
  region bigint not null,
  id text not null,
  state text not null,
  asked_on text not null,
  version bigint not null,
  primary key (region, id)
);

-- Who follows: address and search sealed together, taken away when it ends. The keyed digest of the address finds what one
-- address has. `asked` counts the letters that asked to confirm; `seq` is the last entry of the journal that was looked at,
-- `told_from` that before the last letter, `told_on` the day of that letter.
create table if not exists follower (
  region bigint not null,
  subscription text not null,
  digest text not null,
  nonce blob not null,
  sealed blob not null,
  made_at bigint not null,
  asked bigint not null,
  confirmed bigint not null,
  seq bigint not null,
  told_from bigint not null,
  told_on text,
  failures bigint not null,
  primary key (region, subscription)
);

create index if not exists follower_digest on follower (region, digest);
create index if not exists follower_made on follower (region, confirmed, made_at);
