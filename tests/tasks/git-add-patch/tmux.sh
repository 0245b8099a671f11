start git 'git add -p numbers.txt'
until_shown git '(1/3)'
text git y
keys git Enter
until_shown git '(2/3)'
text git n
keys git Enter
until_shown git '(3/3)'
text git y
keys git Enter
until_ended git
