#!/bin/sh
# Twelve builds at once, a third of which fail: one loop receives each exit as it happens, without a sleep.
# Needs jq. The daemon is yours, and so are the sessions it leaves retained.
set -eu

pilotty() { "${PILOTTY_DIST:-$(dirname "$0")/../../dist}/pilotty.sh" "$@"; }

cursor=$(pilotty list-sessions | jq .event_cursor)
for number in 01 02 03 04 05 06 07 08 09 10 11 12; do
  pilotty spawn --name "build-$number" --tag build sh -c "sleep 0.$number; exit \$((${number#0} % 3 == 0))" >/dev/null
done

remaining=1
while [ "$remaining" -gt 0 ]; do
  answer=$(pilotty wait --tag build --exit --after "$cursor" -t 1m)
  echo "$answer" | jq -r '.ready[] | "\(.session) \(if .exit.success then "passed" else "failed" end)"'
  cursor=$(echo "$answer" | jq .event_cursor)
  remaining=$(echo "$answer" | jq .remaining)
done
