-- Reports filed with the body that adds them up: one per unit and year. What was filed, returned and accepted is in the journal.
create table if not exists report_filing (
  region bigint not null,
  id text not null,
  unit text not null,
  into_unit text not null,
  year bigint not null,
  scope text not null,
  stage text not null,
  form text,
  first_filed_on text,
  filed_on text,
  rounds bigint not null,
  marks bigint not null,
  version bigint not null,
  primary key (region, id),
  unique (region, unit, year),
  foreign key (region, unit) references unit (region, id)
);

create index if not exists report_filing_into on report_filing (region, into_unit, year);
