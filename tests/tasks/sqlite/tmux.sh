start db 'sqlite3 shop.db'
until_shown db 'sqlite>'
text db 'create table item(name, price);'
keys db Enter
text db "insert into item values('tea', 3), ('cake', 4);"
keys db Enter
text db 'select sum(price) from item;'
keys db Enter
until look db | grep -qx 7; do sleep "$LOOK_EVERY_S"; done
text db 'select colour from item;'
keys db Enter
until_shown db 'no such column'
tmux kill-session -t db
