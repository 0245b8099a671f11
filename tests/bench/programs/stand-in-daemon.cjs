/**
 * A daemon without programs, for a simulation of many hosts: a socket that answers what a fleet asks of a daemon, with sessions
 * that are made up. What is above the socket is the product.
 */
'use strict';
const { createServer } = require('node:net');
const { version } = require('../../../package.json');

const TAGS = ['simulated'];

/** Microseconds, each later than the one before, as a daemon's event cursors are. */
let last = 0;
function cursor() {
  last = Math.max(last + 1, Math.round((performance.timeOrigin + performance.now()) * 1000));
  return last;
}

class StandInDaemon {
  constructor(path, count) {
    this.sessions = Array.from({ length: count }, (_, index) => summary(index));
    this.ends = [];
    this.waits = new Set();
    this.follows = new Set();
    this.server = createServer((socket) => this.serve(socket)).listen(path);
  }

  serve(socket) {
    let rest = '';
    const open = new Map();
    const send = (message) =>
      socket.writable && socket.write(`${JSON.stringify({ jsonrpc: '2.0', ...message })}\n`);
    socket.setEncoding('utf8').on('error', () => {});
    socket.on('data', (text) => {
      const lines = (rest + text).split('\n');
      rest = lines.pop();
      for (const line of lines) {
        const { id, method, params } = JSON.parse(line);
        if (method === 'cancel') this.cancel(open, params.id, send);
        else this.answer(open, id, method, params, send);
      }
    });
    socket.on('close', () => {
      for (const id of [...open.keys()]) this.cancel(open, id, () => {});
    });
  }

  cancel(open, id, send) {
    const asked = open.get(id);
    if (asked === undefined) return;
    open.delete(id);
    this.waits.delete(asked);
    this.follows.delete(asked);
    clearTimeout(asked.timer);
    send({
      id,
      error: { code: -32000, message: 'cancelled', data: { code: 'CANCELLED', message: 'cancelled' } },
    });
  }

  answer(open, id, method, params, send) {
    const running = this.sessions.filter(({ state }) => state === 'running');
    const answers = {
      hello: () => ({
        protocol: 1,
        version,
        pid: process.pid,
        sessions: running.length,
        stepping_down: false,
      }),
      'daemon.info': () => ({ type: 'info', pid: process.pid, version }),
      'session.list': () => ({
        type: 'sessions',
        sessions: params.all ? this.sessions : running,
        event_cursor: cursor(),
      }),
      'sessions.gather': () => ({
        type: 'gathered',
        results: running.map((one) => gathered(one, params.lines)),
        event_cursor: cursor(),
      }),
    };
    if (answers[method] !== undefined) return send({ id, result: answers[method]() });
    const asked = { id, params, send, open };
    open.set(id, asked);
    if (method === 'events.follow') this.follows.add(asked);
    else if (method === 'sessions.wait') {
      this.waits.add(asked);
      asked.timer = setTimeout(() => this.settle(asked, []), params.timeout_ms ?? 30_000);
      this.look(asked);
    } else send({ id, error: { code: -32601, message: `a stand-in has no ${method}` } });
  }

  /** Whether there is news for a wait for ends. */
  look(asked) {
    const { after } = asked.params;
    const ready = after === undefined ? [] : this.ends.filter(({ event_cursor: at }) => at > after);
    if (ready.length > 0) this.settle(asked, ready);
  }

  settle(asked, ready) {
    const { id, send, open, timer } = asked;
    clearTimeout(timer);
    this.waits.delete(asked);
    open.delete(id);
    const running = this.sessions.filter(({ state }) => state === 'running');
    const waiting = running.map(({ id, name }) => ({
      session: name,
      session_id: id,
      idle_ms: 1000,
      last_line: 'compiling',
    }));
    send({
      id,
      result: {
        type: 'sessions_wait_result',
        outcome: ready.length > 0 ? 'exited' : 'deadline',
        ready,
        waiting,
        remaining: running.length,
        event_cursor: ready.at(-1)?.event_cursor ?? cursor(),
        duration_ms: 1,
      },
    });
  }

  /** So many of the sessions that run. */
  end(count) {
    for (const session of this.sessions.filter(({ state }) => state === 'running').slice(0, count)) {
      session.state = 'exited';
      session.exit = { code: 0, signal: null };
      const at = cursor();
      const { id, name } = session;
      this.ends.push({
        session: name,
        session_id: id,
        outcome: 'exited',
        holds: true,
        event_cursor: at,
        revision: 1,
      });
      this.emit('exited', { session: name, session_id: id, tags: TAGS, exit: session.exit }, at);
    }
    for (const asked of [...this.waits]) this.look(asked);
  }

  emit(type, facts, at = cursor()) {
    for (const { id, params, send } of this.follows) {
      if (params.types !== undefined && !params.types.includes(type)) continue;
      const event = { type, event_cursor: at, occurred_at: new Date().toISOString(), ...facts };
      send({ method: 'stream', params: { id, event } });
    }
  }

  /** An event that says when it happened, in milliseconds since 1970. */
  tell() {
    const { id, name } = this.sessions.at(-1);
    const title = String(performance.timeOrigin + performance.now());
    this.emit('title', { session: name, session_id: id, tags: TAGS, title });
  }
}

/** As long as one of a build. */
function summary(index) {
  const argv = ['/bin/sh', '-c', `make -C /srv/build/project-${index} -j8 all test`];
  return {
    id: `s${1000 + index}-0a1b2c3d`,
    name: `build-${index}`,
    command: argv.join(' '),
    argv,
    pid: 10_000 + index,
    state: 'running',
    created_at: '2026-01-01T00:00:00.000Z',
    cwd: `/srv/build/project-${index}`,
    size: { cols: 120, rows: 40 },
    tags: TAGS,
    idle_ms: 1000,
    work_state: { name: 'working', began_at: '2026-01-01T00:00:00.000Z', why: 'output' },
  };
}

function gathered({ id, name, tags }, lines) {
  const line =
    'a line of a compiler, with a path such as /srv/build/project/source/file.c:12:34: warning: unused variable';
  return {
    session: name,
    session_id: id,
    state: 'running',
    idle_ms: 1,
    tags,
    lines: Array(lines).fill(line),
  };
}

module.exports = { StandInDaemon };
