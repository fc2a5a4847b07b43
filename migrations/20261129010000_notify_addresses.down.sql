drop view member_addresses;
drop table mail_addresses;
