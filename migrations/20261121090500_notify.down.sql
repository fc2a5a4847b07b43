drop table deliveries, im_messages, im_receivers;
