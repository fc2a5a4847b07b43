-- What was not followed yet gets no job any more: let the workers catch up first, which takes a moment.
delete from feed_cursors where name = 'reactions';
