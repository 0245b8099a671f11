start py python3
until_shown py '>>>'
text py 'def area(r): return 3 * r * r'
keys py Enter Enter
until_shown py '...'
text py 'for r in (1, 2): print(r, area(r))'
keys py Enter Enter
until_shown py '2 12'
text py 'area("two")'
keys py Enter
until_shown py TypeError
text py 'area(2) * 1000; open("result", "w").write(str(area(2))) and None'
keys py Enter
until_shown py 12000
tmux kill-session -t py
