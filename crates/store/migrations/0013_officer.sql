-- The clocks again, with the officer who handles the request. All of it is derived from the journal: the first program
-- that opens the store after this derives every open request anew.
drop table if exists clock;

create table if not exists clock (
  region bigint not null,
  request text not null,
  unit text not null,
  handler text,
  officer text,
  clock text,
  due_on text,
  provisional bigint not null,
  clocks text not null,
  primary key (region, request)
);

create index if not exists clock_due on clock (region, coalesce(due_on, '9999-12-31'), request);
create index if not exists clock_unit_due on clock (region, unit, coalesce(due_on, '9999-12-31'), request);
create index if not exists clock_handler_due on clock (region, handler, coalesce(due_on, '9999-12-31'), request) where handler is not null;
create index if not exists clock_officer_due on clock (region, officer, coalesce(due_on, '9999-12-31'), request) where officer is not null;
create index if not exists clock_kind on clock (region, clock, unit);
