# Whether it is done, however it was done.
test "$(sqlite3 shop.db 'select sum(price) from item')" = 7
