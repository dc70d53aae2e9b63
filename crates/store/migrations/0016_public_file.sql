-- What of a document everybody may read: since when, and since when not any more. Derived, like the row of the file.
create table if not exists public_file (
  region bigint not null,
  file text not null,
  published_on text not null,
  withdrawn_on text,
  primary key (region, file)
);
