# Whether it is done, however it was done.
true # Its end is waited for.
