# Whether it is done, however it was done.
test "$(git diff --cached -U0 | grep '^+[a-z]')" = "$(printf '+five\n+fiftyfive')"
