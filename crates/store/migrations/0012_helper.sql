-- Which units work on a request beside the one it is counted by: who handles it and who helps. Derived, like the request's
-- own row; it stays when the request is over.
create table if not exists helper (
  region bigint not null,
  unit text not null,
  request text not null,
  primary key (region, unit, request)
);

create index if not exists helper_request on helper (region, request, unit);
