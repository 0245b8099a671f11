# Whether it is done, however it was done.
true # The end of the process is waited for.
