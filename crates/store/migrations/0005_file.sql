-- Files of a docket (材料): what each is and where its sealed content is kept; the content itself lies outside.
create table if not exists file (
  region bigint not null,
  id text not null,
  subject_kind text not null,
  subject text not null,
  role text not null,
  media text not null,
  size bigint not null,
  digest text not null,
  stored text,
  name text,
  added_on text not null,
  released_until text,
  erased_on text,
  version bigint not null,
  primary key (region, id)
);

create index if not exists file_subject on file (region, subject, id);
