drop table key_check;
