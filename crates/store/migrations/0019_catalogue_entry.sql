-- The entries of the standard catalogues (基层政务公开标准目录): what an entry says is one text in JSON, because it is always read
-- whole; what lists look for stands beside it.
create table if not exists catalogue_entry (
  region bigint not null,
  id text not null,
  unit text not null,
  field text not null,
  position bigint not null,
  title text not null,
  item text not null,
  stage text not null,
  changed_on text not null,
  version bigint not null,
  primary key (region, id),
  foreign key (region, unit) references unit (region, id)
);

create index if not exists catalogue_entry_field on catalogue_entry (region, field, position, id);
create index if not exists catalogue_entry_stage on catalogue_entry (region, stage, field, position, id);
