# Whether it is done, however it was done.
test "$(cat notes.txt)" = 'Buy milk'
