// Prints a numbered line every so often, with the monotonic clock's nanoseconds just before it was written.
const { writeSync } = require('node:fs');

let tick = 0;
setInterval(() => writeSync(1, `tick ${++tick} ${process.hrtime.bigint()} .\n`), Number(process.argv[2]));
