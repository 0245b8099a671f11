start nano 'nano notes.txt'
until_shown nano '^X'
text nano 'Buy milk'
keys nano C-o
until_shown nano 'File Name to Write'
keys nano Enter
until_shown nano 'Wrote 1 line'
keys nano C-x
until_ended nano
