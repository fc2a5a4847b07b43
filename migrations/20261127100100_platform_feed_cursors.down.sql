drop table feed_cursors;
