/** Loaded into a program with --require: writes what memory it took at most, in megabytes, to the file $PEAK_MEMORY. */
'use strict';
const { writeFileSync } = require('node:fs');

process.once('exit', () => {
  writeFileSync(process.env.PEAK_MEMORY, String(process.resourceUsage().maxRSS / 1024));
});
