/**
 * Many hosts of a fleet in one process: the product's own code of a host, as it was built, each with a stand-in for its daemon.
 *
 *     node fleet-hosts.cjs DIST DIRECTORY SERVER SESSIONS
 *
 * The parent process says how many there shall be, and what happens in them.
 */
'use strict';
const { setMaxListeners } = require('node:events');
const { mkdirSync } = require('node:fs');
const { join } = require('node:path');
const { StandInDaemon } = require('./stand-in-daemon.cjs');

const [dist, directory, server, sessions] = process.argv.slice(2);
const { serveHost, parseServer } = require(join(dist, 'pilotty-fleet.cjs'));
const daemons = [];
const ending = new AbortController();
setMaxListeners(0, ending.signal);
process.once('disconnect', () => process.exit());

async function join_(index) {
  const host = `host-${index}`;
  const home = join(directory, host);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  daemons[index] = new StandInDaemon(join(home, 'pilotty.sock'), Number(sessions));
  await new Promise((joined, reject) => {
    serveHost({
      address: parseServer(server),
      nats: { credentials: undefined, inboxPrefix: undefined, name: host },
      fleet: 'sim',
      host,
      labels: { arch: index % 2 === 0 ? 'x64' : 'arm64' },
      env: { HOME: home, PILOTTY_SOCKET_DIR: home },
      cwd: home,
      daemonProgram: '/nonexistent',
      inheritance: async () => ({}),
      signal: ending.signal,
      warn: (message) => process.stderr.write(`${host}: ${message}\n`),
      joined,
    }).catch(reject);
  });
}

const acts = {
  async hosts({ count }) {
    const more = Array.from({ length: count - daemons.length }, (_, index) => daemons.length + index);
    await Promise.all(more.map(join_));
  },
  /** On every host so many sessions. */
  end({ count }) {
    for (const daemon of daemons) daemon.end(count);
  },
  endOn({ host, count }) {
    daemons[host].end(count);
    return performance.timeOrigin + performance.now();
  },
  /** So many rounds, in each an event of every host, spread over `everyMs`. */
  async tell({ rounds, everyMs }) {
    for (let round = 0; round < rounds; round++) {
      const began = performance.now();
      for (const [index, daemon] of daemons.entries()) {
        const dueIn = began + (index * everyMs) / daemons.length - performance.now();
        if (dueIn > 1) await new Promise((resolve) => setTimeout(resolve, dueIn));
        daemon.tell();
      }
      const left = began + everyMs - performance.now();
      if (left > 0) await new Promise((resolve) => setTimeout(resolve, left));
    }
  },
};

process.on('message', async ({ id, act, ...asked }) => {
  try {
    process.send({ id, result: (await acts[act](asked)) ?? null });
  } catch (error) {
    process.send({ id, error: String(error) });
  }
});
