start wizard 'sh wizard.sh'
until_shown wizard 'Your name?'
text wizard Ada
keys wizard Enter
until_shown wizard 'Which color?'
keys wizard Down
keys wizard Enter
until_shown wizard 'Save Ada, g?'
keys wizard Enter
until_ended wizard
