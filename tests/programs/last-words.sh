# Prints a number of lines and 'the end' as fast as it can, then exits with a code: last-words.sh LINES CODE
seq "$1"
echo the end
exit "$2"
