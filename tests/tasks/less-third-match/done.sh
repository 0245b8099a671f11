# Whether it is done, however it was done.
true # It changes nothing; what it shows is waited for.
