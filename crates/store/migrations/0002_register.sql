-- Registers that pages and reports read: derived from the journal in the transaction that appends to it.
-- `version` is the ordinal of the last entry the row was derived from.

create table if not exists unit (
  region bigint not null,
  id text not null,
  code text not null,
  name text not null,
  short_name text not null,
  kind text not null,
  level text not null,
  parent text,
  consolidates_into text,
  valid_from text not null,
  valid_to text,
  successor text,
  version bigint not null,
  primary key (region, id),
  unique (region, code),
  foreign key (region) references region (region)
);

create index if not exists unit_name on unit (region, name);

create table if not exists document (
  region bigint not null,
  id text not null,
  unit text not null,
  maker text not null,
  category text not null,
  title text not null,
  number text,
  index_number text,
  attribute text not null,
  made_on text not null,
  disclosed_on text,
  in_force_on text,
  ended_on text,
  ending text,
  amended_on text,
  withdrawn_on text,
  url text,
  version bigint not null,
  primary key (region, id),
  foreign key (region, unit) references unit (region, id)
);

-- The list, newest first: of the region, and of one unit.
create index if not exists document_made on document (region, made_on, id);
create index if not exists document_unit_made on document (region, unit, made_on, id);
-- What a year disclosed, and what a year ended (table one of the annual report).
create index if not exists document_disclosed on document (region, disclosed_on, unit) where disclosed_on is not null;
create index if not exists document_ended on document (region, ended_on, unit) where ended_on is not null;

create index if not exists document_number on document (region, number) where number is not null;

create table if not exists request (
  region bigint not null,
  id text not null,
  unit text not null,
  addressee text not null,
  number text,
  class text not null,
  channel text not null,
  subject text not null,
  stage text not null,
  arrived_on text not null,
  received_on text,
  due_on text,
  due_provisional bigint not null,
  decision text,
  row text,
  decided_on text,
  served_on text,
  finished_on text,
  personal text,
  version bigint not null,
  primary key (region, id),
  unique (region, addressee, number),
  foreign key (region, unit) references unit (region, id)
);

create index if not exists request_arrived on request (region, arrived_on, id);
create index if not exists request_unit_arrived on request (region, unit, arrived_on, id);
create index if not exists request_received on request (region, received_on, unit);
create index if not exists request_unit_received on request (region, unit, received_on);
-- Finished in a year, and open at the end of a year: what is not finished counts as finished on the last of days.
create index if not exists request_finished on request (region, coalesce(finished_on, '9999-12-31'), received_on);
create index if not exists request_unit_finished on request (region, unit, coalesce(finished_on, '9999-12-31'), received_on);
create index if not exists request_stage on request (region, stage, arrived_on, id);
-- The desk: open requests by due date.
create index if not exists request_due on request (region, due_on, id) where finished_on is null;
create index if not exists request_unit_due on request (region, unit, due_on, id) where finished_on is null;

create table if not exists dispute (
  region bigint not null,
  id text not null,
  unit text not null,
  request text,
  block text not null,
  number text not null,
  filed_on text not null,
  decided_on text,
  outcome text,
  outcome_group text,
  body text not null,
  version bigint not null,
  primary key (region, id),
  foreign key (region, unit) references unit (region, id)
);

create index if not exists dispute_filed on dispute (region, filed_on, id);
create index if not exists dispute_unit_filed on dispute (region, unit, filed_on, id);
create index if not exists dispute_decided on dispute (region, decided_on, unit) where decided_on is not null;
create index if not exists dispute_request on dispute (region, request) where request is not null;

create table if not exists figure (
  region bigint not null,
  id text not null,
  unit text not null,
  year bigint not null,
  key text not null,
  amount_micros bigint not null,
  measure text not null,
  source text not null,
  evidence text not null,
  voided bigint not null,
  version bigint not null,
  primary key (region, id),
  foreign key (region, unit) references unit (region, id)
);

create index if not exists figure_year on figure (region, year, id);
create index if not exists figure_unit_year on figure (region, unit, year, key);

create table if not exists report (
  region bigint not null,
  id text not null,
  unit text not null,
  year bigint not null,
  scope text not null,
  stage text not null,
  form text not null,
  published_on text,
  version bigint not null,
  snapshot text,
  primary key (region, id),
  unique (region, unit, year, scope),
  foreign key (region, unit) references unit (region, id)
);

create index if not exists report_year on report (region, year, id);

-- Flows per unit, year and key, kept incrementally: a report costs the same after ten million events as after ten.
create table if not exists tally (
  region bigint not null,
  unit text not null,
  year bigint not null,
  key text not null,
  n bigint not null,
  primary key (region, unit, year, key),
  foreign key (region, unit) references unit (region, id)
);

-- The last number given per unit, year and kind of number.
create table if not exists counter (
  region bigint not null,
  unit text not null,
  year bigint not null,
  kind text not null,
  n bigint not null,
  primary key (region, unit, year, kind),
  foreign key (region, unit) references unit (region, id)
);

-- What a verb answered, by idempotency key: asking again does nothing twice.
create table if not exists command (
  region bigint not null,
  key text not null,
  recorded_at bigint not null,
  result text not null,
  primary key (region, key)
);

create table if not exists setting (
  region bigint not null,
  key text not null,
  value text not null,
  primary key (region, key)
);
