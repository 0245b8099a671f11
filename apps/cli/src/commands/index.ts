/** Every command by name, in the order and the groups of the help. Only the one that is asked for is loaded. */
import type { CommandTable } from '../command.ts';

export const groups: CommandTable['groups'] = {
  Sessions: {
    spawn: () => import('./spawn.ts'),
    run: () => import('./run.ts'),
    exec: () => import('./exec.ts'),
    kill: () => import('./kill.ts'),
    restart: () => import('./restart.ts'),
    restore: () => import('./restore.ts'),
    signal: () => import('./signal.ts'),
    'list-sessions': () => import('./list-sessions.ts'),
    status: () => import('./status.ts'),
    state: () => import('./state.ts'),
    rename: () => import('./rename.ts'),
    tag: () => import('./tag.ts'),
    resize: () => import('./resize.ts'),
  },
  Looking: {
    snapshot: () => import('./snapshot.ts'),
    'wait-for': () => import('./wait-for.ts'),
    wait: () => import('./wait.ts'),
    output: () => import('./output.ts'),
    commands: () => import('./commands.ts'),
    inputs: () => import('./inputs.ts'),
    grep: () => import('./grep.ts'),
    gather: () => import('./gather.ts'),
    record: () => import('./record.ts'),
    replay: () => import('./replay.ts'),
    inspect: () => import('./inspect.ts'),
    events: () => import('./events.ts'),
    on: () => import('./on.ts'),
    watch: () => import('./watch.ts'),
  },
  People: {
    attach: () => import('./attach.ts'),
    shell: () => import('./shell.ts'),
    take: () => import('./take.ts'),
    release: () => import('./release.ts'),
    'hand-over': () => import('./hand-over.ts'),
    answer: () => import('./answer.ts'),
    askpass: () => import('./askpass.ts'),
  },
  Projects: {
    up: () => import('./up.ts'),
    down: () => import('./down.ts'),
    ps: () => import('./ps.ts'),
    tail: () => import('./tail.ts'),
  },
  Acting: {
    type: () => import('./type.ts'),
    key: () => import('./key.ts'),
    send: () => import('./send.ts'),
    paste: () => import('./paste.ts'),
    click: () => import('./click.ts'),
    scroll: () => import('./scroll.ts'),
    mouse: () => import('./mouse.ts'),
    choose: () => import('./choose.ts'),
    batch: () => import('./batch.ts'),
  },
  'The daemon': {
    daemon: () => import('./daemon.ts'),
    stop: () => import('./stop.ts'),
    info: () => import('./info.ts'),
    gc: () => import('./gc.ts'),
    doctor: () => import('./doctor.ts'),
    logs: () => import('./logs.ts'),
  },
  'For agents, browsers and other machines': {
    serve: () => import('./serve.ts'),
    mcp: () => import('./mcp.ts'),
    connect: () => import('./connect.ts'),
  },
  Learning: {
    examples: () => import('./examples.ts'),
    skill: () => import('./skill.ts'),
    'agent-context': () => import('./agent-context.ts'),
    completion: () => import('./completion.ts'),
  },
};

/** Short names; the help shows them next to the long ones. */
export const aliases: CommandTable['aliases'] = { ls: 'list-sessions' };
