# Whether it is done, however it was done.
true # The line is waited for.
