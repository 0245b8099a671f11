# Whether it is done, however it was done.
test "$(cat poem.txt)" = "$(printf 'The color of the sea.\nNo color at all.\nThe end.')"
