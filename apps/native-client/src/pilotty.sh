#!/bin/sh
# The command: the native client where this build has one for the system, else the Node program. Both do the same.
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
case $(uname -sm) in
  'Linux x86_64') native=$here/native/linux-x64/pilotty ;;
  'Linux aarch64') native=$here/native/linux-arm64/pilotty ;;
  'Darwin x86_64') native=$here/native/darwin-x64/pilotty ;;
  'Darwin arm64') native=$here/native/darwin-arm64/pilotty ;;
  *) native= ;;
esac
if [ -x "$native" ]; then exec "$native" "$@"; fi
exec node "$here/pilotty.cjs" "$@"
