# Whether it is done, however it was done.
true # Its output is compared in the cookbook; nothing is left of it.
