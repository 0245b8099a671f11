import { PROTOCOL, VERSION } from '@pilotty/protocol';
import type { Handlers } from './handler.ts';

export const daemonHandlers: Handlers<'daemon.info' | 'daemon.stop'> = {
  'daemon.info': (daemon) => ({
    type: 'daemon_info',
    pid: process.pid,
    version: VERSION,
    protocol: PROTOCOL,
    node: process.version,
    socket: daemon.paths.socket,
    log_file: daemon.paths.log,
    started_at: daemon.startedAt.toISOString(),
    sessions: daemon.sessions.liveCount,
    remembered: daemon.sessions.endedCount,
    connections: daemon.connectionCount,
    idle_ms: Math.round(daemon.idleMs),
    idle_timeout_ms: daemon.settings.idleTimeoutMs,
    memory_bytes: process.memoryUsage.rss(),
    orphans: daemon.orphans,
  }),

  'daemon.stop': async (daemon) => {
    const { sessionsEnded, survivors } = await daemon.stop('asked to');
    return { type: 'daemon_stopped', pid: process.pid, sessions_ended: sessionsEnded, survivors };
  },
};
