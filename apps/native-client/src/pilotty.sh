#!/bin/sh
# The command: the native client where this build has one for the system, else the Node program. Both do the same.
# A process costs as much as half of the command, so none is started in the usual cases: readlink and uname are
# asked only where what the shell sees of the files leaves a doubt.

# What a link leads to. npm, Bun and Yarn have a few places for the package beside their link: where one of them has
# this very file, it is the one. (A package manager may share a file among packages of the same content; the last line
# says which build this is, so they are of the same build.)
self=$0
while [ -h "$self" ]; do
  case $self in
    */*) beside=${self%/*} ;;
    *) beside=. ;;
  esac
  for place in "$beside/../pilotty/dist" "$beside/../lib/node_modules/pilotty/dist" \
    "$beside/../install/global/node_modules/pilotty/dist"; do
    if [ "$place/pilotty.sh" -ef "$self" ] 2>/dev/null; then
      self=$place/pilotty.sh
      continue 2
    fi
  done
  link=$(readlink "$self")
  case $link in
    /*) self=$link ;;
    *) self=$beside/$link ;;
  esac
done
case $self in
  */*) here=${self%/*} ;;
  *) here=. ;;
esac

# A system has the loader of the programs that it runs. One with loaders of several kinds may be any of them; a client
# for another system would end this shell instead of answering.
system=
if [ -d "$here/native" ]; then
  for loader in \
    linux-x64=/lib64/ld-linux-x86-64.so.2 linux-x64=/lib/ld-musl-x86_64.so.1 \
    linux-arm64=/lib/ld-linux-aarch64.so.1 linux-arm64=/lib/ld-musl-aarch64.so.1 \
    other=/lib/ld-linux.so.2 other=/lib/ld-musl-i386.so.1 \
    other=/lib/ld-linux-armhf.so.3 other=/lib/ld-musl-armhf.so.1 \
    other=/lib64/ld64.so.2 other=/lib/ld64.so.1 \
    other=/lib/ld-linux-riscv64-lp64d.so.1 other=/lib64/ld-linux-loongarch-lp64d.so.1 \
    other=/System/Library; do
    if [ -e "${loader#*=}" ]; then
      case $system in
        '' | "${loader%%=*}") system=${loader%%=*} ;;
        *) system=other ;;
      esac
    fi
  done
  case $system in
    linux-*) ;;
    *)
      case $(uname -sm) in
        'Linux x86_64') system=linux-x64 ;;
        'Linux aarch64') system=linux-arm64 ;;
        'Darwin x86_64') system=darwin-x64 ;;
        'Darwin arm64') system=darwin-arm64 ;;
      esac
      ;;
  esac
fi
native=$here/native/$system/pilotty
if [ -x "$native" ]; then exec "$native" "$@"; fi
exec node "$here/pilotty.cjs" "$@"
