# Whether it is done, however it was done.
test "$(cat choice.txt)" = b
