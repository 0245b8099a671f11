# Whether it is done, however it was done.
test "$(cat answer.txt)" = 'Ada g'
