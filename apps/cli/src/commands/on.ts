import { ALL_SCOPES } from '@pilotty/client';
import { command, program } from '../command.ts';
import { printJson } from '../output.ts';
import { readableEvent } from '../readable-event.ts';
import { ruleTable } from '../readable-rules.ts';
import { ruleOptions } from '../rule-options.ts';
import { ruleParams } from '../rule-request.ts';
import { UsageError } from '../usage-error.ts';

export const declaration = command({
  name: 'on',
  summary: 'make a rule: when this happens, do that',
  description: `The daemon keeps the rule, watches the sessions, also those that start later, and does what the rule says when one of the
conditions is met, or when a session ends without: a command (--do, or the words after --), --type and --key, --post, --notify,
and always an event of type 'rule'. A rule that fires once counts what is shown already; else only what comes after counts.
The command gets PILOTTY_RULE, PILOTTY_FIRED (met, ended or test), PILOTTY_MET, PILOTTY_MATCH, PILOTTY_LINE,
PILOTTY_SCREEN, PILOTTY_EXIT_CODE, PILOTTY_SESSION and PILOTTY_SESSION_ID, and of your environment what it takes to find and show things.
Rules survive the daemon; docs/rules.md has all of it. --wait exits with 0 when a rule fired, and 3 when the deadline passed.`,
  arguments: { program: program('the command to run, as exact words', true) },
  options: ruleOptions,
  examples: [
    ["pilotty on -s build --text 'error TS' --exit --notify", 'be told when the build fails, or ends'],
    [
      "pilotty on --tag ci --regex 'FAIL|panic' --every 5m --do 'mail -s \"$PILOTTY_SESSION: $PILOTTY_MATCH\" me </dev/null'",
      'a mail from any session with that tag, also those to come',
    ],
    [
      "pilotty on -s agent --each --text 'Continue? [y/n]' --only-met --type y --key Enter",
      'answer a question each time',
    ],
    [
      "pilotty on -s '*' --idle 10m --each --post https://example.org/hook --sign file:/home/me/.hook-secret",
      'a signed request',
    ],
    ['pilotty on --wait r1 -t 10m', 'wait for the rule instead of asking again and again'],
    ['pilotty on --list', 'what there is, and how it went'],
  ],
  startsDaemon: true,
  async run(given, io, client) {
    const asked = [given.list, given.show, given.remove.length > 0, given.test, given.wait.length > 0].filter(
      Boolean,
    );
    if (asked.length > 1) throw new UsageError('give one of --list, --show, --remove, --test and --wait');
    const [word] = given.program.words;
    if (asked.length > 0 && word !== undefined)
      throw new UsageError(
        `'${word}' is a command to run, which goes with a new rule`,
        'Name each rule with its option: --remove r1 --remove r2.',
      );
    const { signal } = io;
    const scope = given['all-scopes'] ? { scope: ALL_SCOPES } : {};
    if (given.list || given.show !== undefined) {
      const params = given.show === undefined ? scope : { rules: [given.show] };
      const found = await client.request('rules.list', params, { signal });
      const [one] = found.rules;
      if (given.show !== undefined) await printJson(io.stdout, one);
      else if (given.json || !io.stdout.isTty) await printJson(io.stdout, found);
      else await io.stdout.write(ruleTable(found.rules));
      return 0;
    }
    if (given.remove.length > 0) {
      const params = given.remove.includes('all') ? { all: true, ...scope } : { rules: given.remove };
      await printJson(io.stdout, await client.request('rules.remove', params, { signal }));
      return 0;
    }
    if (given.test !== undefined) {
      const [session] = given.session;
      const params = { rule: given.test, ...(session !== undefined && { session }) };
      const tested = await client.request('rules.test', params, { signal });
      await printJson(io.stdout, tested);
      return tested.actions.every(({ ok }) => ok) ? 0 : 1;
    }
    if (given.wait.length > 0) {
      const params = {
        ...(given.wait.includes('all') ? scope : { rules: given.wait }),
        after: given.after ?? 0,
        timeout_ms: given.timeout,
      };
      const answer = await client.request('rules.wait', params, { signal });
      if (io.stdout.isTty && !given.json) {
        const { missed_events: count, rule_events: events } = answer;
        const missed = { type: 'missed', event_cursor: params.after, count };
        for (const event of count === undefined ? events : [missed, ...events])
          await io.stdout.write(`${readableEvent(event)}\n`);
      } else await printJson(io.stdout, answer);
      return answer.rule_events.length > 0 ? 0 : 3;
    }
    if (given.after !== undefined || given.timeout !== undefined)
      throw new UsageError('--after and --timeout go with --wait');
    await printJson(io.stdout, await client.request('rules.add', await ruleParams(given, io), { signal }));
    return 0;
  },
});
