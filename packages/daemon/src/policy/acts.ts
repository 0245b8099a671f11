/**
 * What of each method a policy governs. A method that is missing here does not compile, so a new one is governed, or is
 * known to only read.
 */
import type { MethodName, ParsedParams } from '@pilotty/protocol';

export const GOVERNED = [
  'spawn',
  'type',
  'kill',
  'signal',
  'stop',
  'change',
  'keyboard',
  'record',
  'rule',
] as const;

export type GovernedAct = (typeof GOVERNED)[number];

const ONLY_READS: readonly GovernedAct[] = [];

type Acts<M extends MethodName> =
  | readonly GovernedAct[]
  | ((params: ParsedParams<M>) => readonly GovernedAct[]);

const actsByMethod: { readonly [M in MethodName]: Acts<M> } = {
  'daemon.info': ONLY_READS,
  // It tells of all clients and sessions: for those who answer for the daemon.
  'daemon.log': ['stop'],
  'daemon.stop': ['stop'],
  // What is started has all sessions then.
  'daemon.upgrade': ['stop', 'spawn'],
  'daemon.gc': ({ dry_run }) => (dry_run ? ONLY_READS : ['kill']),
  'session.spawn': ({ send, record }) => [
    'spawn',
    ...(send === undefined ? [] : (['type'] as const)),
    ...(record === undefined ? [] : (['record'] as const)),
  ],
  'session.kill': ['kill'],
  'session.restart': ['kill', 'spawn'],
  'session.signal': ['signal'],
  'session.list': ONLY_READS,
  'session.status': ONLY_READS,
  'session.inspect': ONLY_READS,
  'session.rename': ['change'],
  'session.tag': ['change'],
  'sessions.report': ['change'],
  'session.change': ['change'],
  'session.resize': ['change'],
  'session.type': ['type'],
  'session.key': ['type'],
  'session.send': ['type'],
  'session.paste': ['type'],
  'session.click': ['type'],
  'session.scroll': ['type'],
  'session.mouse': ['type'],
  'session.choose': ['type'],
  'session.exec': ({ command }) => (command === undefined ? ONLY_READS : ['type']),
  'session.snapshot': ONLY_READS,
  'session.output': ONLY_READS,
  'session.view': ONLY_READS,
  'session.commands': ONLY_READS,
  'session.inputs': ONLY_READS,
  'session.wait': ONLY_READS,
  'session.attach': ['keyboard'],
  'session.window': ['keyboard'],
  'session.take': ['keyboard'],
  'session.release': ['keyboard'],
  'session.hand_over': ['keyboard'],
  // As a hand-over; what is answered is typed to the program.
  'session.ask': ['keyboard'],
  'session.answer': ['type'],
  'recording.start': ['record'],
  'recording.stop': ['record'],
  'recording.mark': ['record'],
  'recording.list': ONLY_READS,
  'recording.read': ONLY_READS,
  'sessions.wait': ONLY_READS,
  'sessions.idle': ONLY_READS,
  // Each of its requests is governed by itself.
  'sessions.each': ONLY_READS,
  'sessions.gather': ONLY_READS,
  'sessions.grep': ONLY_READS,
  'sessions.lost': ONLY_READS,
  'sessions.restore': ({ forget }) => (forget ? ['change'] : ['spawn']),
  'events.follow': ONLY_READS,
  'rules.add': ({ run, notify }) => ['rule', ...(run || notify ? (['spawn'] as const) : [])],
  'rules.list': ONLY_READS,
  'rules.remove': ['rule'],
  // What it does is governed as when the rule fires.
  'rules.test': ['rule'],
  'rules.wait': ONLY_READS,
};

export function actsOf<M extends MethodName>(method: M, params: ParsedParams<M>): readonly GovernedAct[] {
  const acts = actsByMethod[method] as Acts<M>;
  return typeof acts === 'function' ? acts(params) : acts;
}
