-- Clean-ups (清理) of normative documents: one row each; what they list and conclude stands in their dockets. Derived.
create table if not exists cleanup (
  region bigint not null,
  id text not null,
  unit text not null,
  title text not null,
  kind text not null,
  below bigint not null,
  up_to text not null,
  deadline text not null,
  opened_on text not null,
  closed_on text,
  total bigint not null,
  concluded bigint not null,
  version bigint not null,
  primary key (region, id),
  foreign key (region, unit) references unit (region, id)
);

create index if not exists cleanup_opened on cleanup (region, opened_on, id);
create index if not exists cleanup_closed on cleanup (region, closed_on, id) where closed_on is not null;
