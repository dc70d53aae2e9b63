-- The working-day calendars that have been in force: derived from the journal, with every file of each, so that a date is
-- explained and verified with the calendar it was judged by. `seq` is the entry that adopted it.
create table if not exists calendar (
  region bigint not null,
  seq bigint not null,
  id text not null,
  name text not null,
  adopted_at bigint not null,
  files text not null,
  installed text not null,
  changed text not null,
  primary key (region, seq)
);

-- The clocks of every request that is not over: the one to be looked after next, and all of them as JSON. Derived, like
-- the request's own row.
create table if not exists clock (
  region bigint not null,
  request text not null,
  unit text not null,
  handler text,
  clock text,
  due_on text,
  provisional bigint not null,
  clocks text not null,
  primary key (region, request)
);

-- The desk: what ends first. Where nothing runs that presses, the last of days.
create index if not exists clock_due on clock (region, coalesce(due_on, '9999-12-31'), request);
create index if not exists clock_unit_due on clock (region, unit, coalesce(due_on, '9999-12-31'), request);
create index if not exists clock_handler_due on clock (region, handler, coalesce(due_on, '9999-12-31'), request) where handler is not null;
create index if not exists clock_kind on clock (region, clock, unit);

-- Dates that a new calendar moved: derived from the journal. `seq` is the entry, `place` the place in it.
create table if not exists clock_move (
  region bigint not null,
  request text not null,
  seq bigint not null,
  place bigint not null,
  clock text not null,
  number bigint not null,
  from_on text not null,
  from_provisional bigint not null,
  to_on text not null,
  to_provisional bigint not null,
  calendar text not null,
  recorded_at bigint not null,
  primary key (region, request, seq, place)
);

create index if not exists clock_move_recorded on clock_move (region, recorded_at, request);
