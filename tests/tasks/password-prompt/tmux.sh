start login 'sh login.sh; cat'
until_shown login 'Password:'
text login sesame
keys login Enter
until_shown login welcome
tmux kill-session -t login
