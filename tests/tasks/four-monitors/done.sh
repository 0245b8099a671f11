# Whether it is done, however it was done.
true # Which one it was is a step of it.
