import { PROTOCOL, VERSION } from '@pilotty/protocol';
import { MAX_CONNECTIONS, MAX_REMEMBERED, MAX_REMEMBERED_BYTES } from '../limits.ts';
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
    quotas: {
      sessions: { used: daemon.sessions.liveCount, most: daemon.settings.maxSessions },
      remembered: { used: daemon.sessions.endedCount, most: MAX_REMEMBERED },
      remembered_bytes: { used: daemon.sessions.rememberedBytes, most: MAX_REMEMBERED_BYTES },
      connections: { used: daemon.connectionCount, most: MAX_CONNECTIONS },
    },
    orphans: daemon.orphans,
  }),

  'daemon.stop': async (daemon) => {
    const { sessionsEnded, survivors } = await daemon.stop('asked to');
    return { type: 'daemon_stopped', pid: process.pid, sessions_ended: sessionsEnded, survivors };
  },
};
