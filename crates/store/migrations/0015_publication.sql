-- What is public, the latest disclosed first: of the region, of one unit, and of one category.
create index if not exists document_public on document (region, disclosed_on, id) where disclosed_on is not null and withdrawn_on is null;
create index if not exists document_unit_public on document (region, unit, disclosed_on, id) where disclosed_on is not null and withdrawn_on is null;
create index if not exists document_category_public on document (region, category, disclosed_on, id) where disclosed_on is not null and withdrawn_on is null;
