#!/bin/sh
# The command: the native client of this build where there is one, else the Node program. Both do the same.
self=$0
while [ -h "$self" ]; do
  link=$(readlink "$self")
  case $link in
    /*) self=$link ;;
    *) self=${self%/*}/$link ;;
  esac
done
case $self in
  */*) here=${self%/*} ;;
  *) here=. ;;
esac
for native in "$here"/native/*/pilotty; do
  [ -x "$native" ] && exec "$native" "$@"
done
exec node "$here/pilotty.cjs" "$@"
