# Whether it is done, however it was done.
true # What the program says to the password is waited for.
