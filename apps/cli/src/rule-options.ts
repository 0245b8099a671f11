/** What `pilotty on` takes: which sessions, which conditions, and what is to be done. */
import { deadline, flag, integer, list, nonEmpty, positiveTime, text, value } from './command.ts';
import { manyOptions } from './selector.ts';
import { conditions } from './wait-options.ts';

export const ruleOptions = {
  session: {
    ...manyOptions.session,
    description: "the session, by name, id or pattern; -s '*' is every one",
  },
  'all-scopes': manyOptions['all-scopes'],
  tag: { ...manyOptions.tag, description: 'every session with this tag' },
  ...conditions,
  all: flag('all of the conditions at the same time (default: one is enough)'),
  once: flag('fire once, then be done (default)'),
  each: flag('fire each time; matches that are printed together are one'),
  every: value('TIME', positiveTime, 'fire each time, but at most once in TIME'),
  'only-met': flag('do not fire when a session ends in which it has not fired'),
  do: value('COMMAND', nonEmpty, 'run COMMAND with /bin/sh'),
  'do-timeout': value('TIME', positiveTime, 'kill the command after TIME (default: 1m)'),
  env: list('K=V', text, 'a variable of the command; K alone passes on your own'),
  type: list('TEXT', nonEmpty, 'type TEXT into the session; before the keys'),
  key: list('KEYS', nonEmpty, 'press KEYS in the session'),
  into: value('NAME', nonEmpty, 'type and press there instead'),
  'if-text': list('TEXT', nonEmpty, 'type and press only if the screen shows TEXT'),
  'if-gone': list('TEXT', nonEmpty, 'type and press only if the screen does not show TEXT'),
  post: value('URL', nonEmpty, 'send JSON to URL; tried again for 13 minutes where that fails'),
  sign: value('SOURCE', nonEmpty, 'sign what is sent with the secret in env:NAME or file:PATH'),
  notify: flag('show a notification on the desktop, and on pages of pilotty serve'),
  ephemeral: flag('forget the rule with the daemon: keep nothing of it on disk'),
  list: flag('list the rules'),
  show: value('RULE', nonEmpty, 'one rule: how often it fired, and what failed last'),
  remove: list('RULE', nonEmpty, 'remove this rule; all for every one'),
  test: value('RULE', nonEmpty, 'do now, for real, what the rule does when it fires'),
  wait: list('RULE', nonEmpty, 'wait until this rule fires, or all for any; print its events'),
  after: value('CURSOR', integer, 'with --wait: only what came after this event_cursor'),
  timeout: value('TIME', deadline, 'with --wait: time limit (default: 30s)', 't'),
};
