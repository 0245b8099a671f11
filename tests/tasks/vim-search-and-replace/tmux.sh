start ed 'vim -N -u NONE poem.txt'
until_shown ed poem.txt
text ed ':%s/colour/color/g'
keys ed Enter
text ed 'GoThe end.'
keys ed Escape
until_shown ed 'The end.'
text ed ':wq'
keys ed Enter
until_ended ed
