# Whether it is done, however it was done.
true # The request is waited for.
