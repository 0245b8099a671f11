start release 'sh release.sh; echo "exit code $?"; cat'
until_shown release '? [y/n]'
text release y
keys release Enter
until_shown release 'exit code'
look release
tmux kill-session -t release
