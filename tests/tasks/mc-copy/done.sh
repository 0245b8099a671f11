# Whether it is done, however it was done.
test "$(cat to/report.txt)" = 'the report'
