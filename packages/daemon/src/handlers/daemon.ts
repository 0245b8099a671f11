import { PROTOCOL, VERSION } from '@pilotty/protocol';
import { MAX_CONNECTIONS, MAX_RETAINED, MAX_RETAINED_BYTES } from '../limits.ts';
import type { Handlers } from './handler.ts';

export const daemonHandlers: Handlers<'daemon.info' | 'daemon.stop' | 'daemon.upgrade'> = {
  'daemon.info': (services) => ({
    type: 'daemon_info',
    pid: process.pid,
    version: VERSION,
    protocol: PROTOCOL,
    node: process.version,
    socket: services.paths.socket,
    log_file: services.paths.log,
    ...(services.policy && { policy: { ...services.policy.facts, audit_file: services.paths.audit } }),
    ...(services.settings.recordDir !== undefined && { record_dir: services.settings.recordDir }),
    started_at: services.startedAt.toISOString(),
    sessions: services.sessions.liveCount,
    retained: services.sessions.endedCount,
    connections: services.connectionCount,
    idle_ms: Math.round(services.idleMs),
    idle_timeout_ms: services.settings.idleTimeoutMs,
    memory_bytes: residentBytes(),
    quotas: {
      sessions: { used: services.sessions.liveCount, limit: services.settings.maxSessions },
      retained: { used: services.sessions.endedCount, limit: MAX_RETAINED },
      retained_bytes: { used: services.sessions.retainedBytes, limit: MAX_RETAINED_BYTES },
      connections: { used: services.connectionCount, limit: MAX_CONNECTIONS },
    },
    long_work: services.longWork.facts,
    faults: services.faults,
    lost_sessions: services.kept.lost.length,
    orphans: services.orphans,
  }),

  'daemon.upgrade': async (services, { program = process.argv[1] ?? '', node = process.execPath }, call) => {
    const { pid, version, sessions, frozenMs } = await services.upgrade({ node, program }, call);
    return {
      type: 'daemon_upgraded',
      pid,
      version,
      previous_pid: process.pid,
      previous_version: VERSION,
      sessions,
      duration_ms: Math.round(frozenMs),
    };
  },

  'daemon.stop': async (services) => {
    const { sessionsEnded, survivors } = await services.stop('asked to');
    return { type: 'daemon_stopped', pid: process.pid, sessions_ended: sessionsEnded, survivors };
  },
};

/** Reading it takes a descriptor. Where none is left, what this process has had at most. */
function residentBytes(): number {
  try {
    return process.memoryUsage.rss();
  } catch {
    return process.resourceUsage().maxRSS * 1024;
  }
}
