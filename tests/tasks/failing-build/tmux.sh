start build 'sh build.sh; echo "exit code $?"; cat'
until_shown build 'exit code'
look build
tmux kill-session -t build
