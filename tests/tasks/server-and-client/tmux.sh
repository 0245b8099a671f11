start web 'python3 -u -m http.server 0 --bind 127.0.0.1'
until_shown web '(http'
port=$(look web | sed -n 's/.*port \([0-9]*\).*/\1/p')
python3 ask.py "$port"
until_shown web 'GET /hello.txt'
keys web C-c
until_ended web
