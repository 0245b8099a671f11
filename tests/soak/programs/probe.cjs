/**
 * Loaded into the daemon before anything else: on SIGUSR2 it collects garbage and writes one line about what is open
 * into $PILOTTY_SOAK_PROBE.
 */
const { appendFileSync } = require('node:fs');
const v8 = require('node:v8');
const vm = require('node:vm');
const { isMainThread } = require('node:worker_threads');

const file = process.env.PILOTTY_SOAK_PROBE;
if (file !== undefined && isMainThread) {
  v8.setFlagsFromString('--expose-gc');
  const collect = vm.runInNewContext('gc');
  process.on('SIGUSR2', () => {
    collect();
    collect();
    const { heapUsed, external, arrayBuffers, rss } = process.memoryUsage();
    const open = {};
    for (const kind of process.getActiveResourcesInfo()) open[kind] = (open[kind] ?? 0) + 1;
    appendFileSync(file, `${JSON.stringify({ heapUsed, external, arrayBuffers, rss, open })}\n`);
  });
}
