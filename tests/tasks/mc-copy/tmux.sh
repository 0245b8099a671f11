start mc 'mc -u from to'
until_shown mc report.txt
keys mc Down F5
until_shown mc 'Copy file'
keys mc Enter
until_matched mc 'report\.txt.+report\.txt'
keys mc F10
until_ended mc
