start pager 'less log.txt'
until_shown pager log.txt
text pager /needle
keys pager Enter
until_shown pager '10 needle'
text pager nn
until look pager | head -n 1 | grep -qF '70 needle'; do sleep "$LOOK_EVERY_S"; done
text pager q
until_ended pager
