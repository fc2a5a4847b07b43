drop table earlier_secrets;
alter table configurations drop column version;
