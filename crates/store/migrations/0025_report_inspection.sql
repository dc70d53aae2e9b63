-- Published reports that were read from files and checked. What was read and how each finding was settled is in the journal.
create table if not exists report_inspection (
  region bigint not null,
  id text not null,
  name text not null,
  kind text not null,
  digest text not null,
  organization text not null,
  year bigint,
  form text not null,
  unit text,
  unit_year bigint,
  scope text,
  errors bigint not null,
  errors_open bigint not null,
  warnings bigint not null,
  warnings_open bigint not null,
  remarks bigint not null,
  unread bigint not null,
  read_on text not null,
  discarded bigint not null,
  weight bigint not null,
  version bigint not null,
  primary key (region, id),
  unique (region, unit, unit_year, scope)
);

create index if not exists report_inspection_digest on report_inspection (region, digest);
create index if not exists report_inspection_weight on report_inspection (region, weight, id);
