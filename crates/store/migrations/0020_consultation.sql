-- Drafts put to the public (草案公开征求意见), and the opinions that came. What an opinion says and who gave it lies sealed in
-- the table of personal data, never here.
create table if not exists consultation (
  region bigint not null,
  id text not null,
  unit text not null,
  subject text not null,
  title text not null,
  document text not null,
  begun_on text not null,
  opened_on text,
  until_on text not null,
  told_on text,
  result text,
  abandoned bigint not null,
  version bigint not null,
  primary key (region, id),
  unique (region, document),
  foreign key (region, unit) references unit (region, id)
);

create index if not exists consultation_begun on consultation (region, begun_on, id);
create index if not exists consultation_unit_begun on consultation (region, unit, begun_on, id);
create index if not exists consultation_opened on consultation (region, opened_on, id) where opened_on is not null;
create index if not exists consultation_untold on consultation (region, until_on, id) where opened_on is not null and told_on is null;
create index if not exists consultation_result on consultation (region, result) where result is not null;

create table if not exists opinion (
  region bigint not null,
  id text not null,
  unit text not null,
  consultation text not null,
  channel text not null,
  state text not null,
  answer bigint,
  content text not null,
  received_on text not null,
  version bigint not null,
  primary key (region, id),
  foreign key (region, unit) references unit (region, id)
);

create index if not exists opinion_consultation on opinion (region, consultation, id);
create index if not exists opinion_state on opinion (region, consultation, state, id);
