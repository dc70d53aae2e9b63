-- The work order of another system that a request came out of: one ticket is one request. Derived, like the request's own
-- row.
create table if not exists ticket (
  region bigint not null,
  system text not null,
  number text not null,
  request text not null,
  primary key (region, system, number)
);

create index if not exists ticket_request on ticket (region, request);
