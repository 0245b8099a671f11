/** How another host is named, and what is run there: nothing of a name is an option of ssh or a word of a shell. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { noAddress } from '../../apps/fleet/src/address-forms.ts';
import { destinationWords, parseHostAddress } from '../../packages/client/src/ssh/address.ts';
import { GreetingReader, greetingLine } from '../../packages/client/src/ssh/greeting.ts';
import {
  isRemotePath,
  missingIn,
  remoteCommand,
  versionIn,
} from '../../packages/client/src/ssh/remote-command.ts';
import { leavesSharingToUs, parseConfiguration } from '../../packages/client/src/ssh/shared-connection.ts';
import { needs, pathOf } from '../harness/programs.ts';

test.each([
  ['ssh://build', ['--', 'build']],
  ['ssh://build/', ['--', 'build']],
  ['ssh://me@build.example:2222', ['-p', '2222', '-l', 'me', '--', 'build.example']],
  ['ssh://me@corp.example@10.0.0.7', ['-l', 'me@corp.example', '--', '10.0.0.7']],
  ['ssh://[fe80::1%eth0]:22', ['-p', '22', '--', 'fe80::1%eth0']],
  ['ssh://a_b-c', ['--', 'a_b-c']],
])('%s', (text, words) => {
  const address = parseHostAddress(text);
  expect('problem' in address ? address.problem : destinationWords(address)).toEqual(words);
});

test.each([
  ...['', 'build', 'ssh:build', 'http://build', 'ssh://', 'ssh://build/path', 'ssh://a b', 'SSH://build'],
  ...['ssh://-oProxyCommand=x', 'ssh://me@-oProxyCommand=x', 'ssh://-l@build', 'ssh://$(id)', 'ssh://a;id'],
  ...[
    "ssh://a'b",
    'ssh://me`id`@build',
    'ssh://me"@build',
    'ssh://a\nb',
    'ssh://a%68',
    'ssh://%h',
    'ssh://a\\b',
  ],
  ...[
    'ssh://build:',
    'ssh://build:0',
    'ssh://build:65536',
    'ssh://build:-1',
    'ssh://build:22x',
    'ssh://a:b:c',
  ],
  ...['ssh://[::1', 'ssh://[x]', 'ssh://@build', 'ssh://me@', 'ssh://[::1]x'],
])('%j is no host', (text) => {
  expect(parseHostAddress(text)).toEqual({ problem: expect.stringMatching(/^and /) });
});

test.each(['/opt/pilotty', '~/bin/pilotty', 'pilotty-2', './pilotty', '/opt/a+b@1=2,3:4%'])(
  '%s is a path there',
  (path) => {
    expect(isRemotePath(path)).toBe(true);
  },
);

test.each([
  '',
  '-x',
  'a b',
  "a'b",
  'a"b',
  'a;b',
  '$(id)',
  '`id`',
  'a\nb',
  '~me/x',
  'a~',
  'a\\b',
  'a!b',
  'a&b',
  'a*',
])('%j is none', (path) => {
  expect(isRemotePath(path)).toBe(false);
});

// Whatever the login shell of the user there is.
test.each(['sh', 'bash', 'dash', 'ksh', 'zsh', 'fish', 'tcsh'])(
  '%s runs it there, and says what was tried',
  (shell) => {
    needs(shell);
    const home = mkdtempSync(join(tmpdir(), 'pt-'));
    try {
      mkdirSync(join(home, 'bin'));
      const program = (name: string, script: string) =>
        writeFileSync(join(home, 'bin', name), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
      program('pilotty', 'echo "got $*"; cat');
      program('old', 'if [ "$1" = --version ]; then echo "pilotty 0.0.1"; else exit 2; fi');
      const env = { PATH: `${join(home, 'bin')}:/usr/bin:/bin`, HOME: home, SHELL: '/bin/sh' };
      const run = (options: { path?: string; startsDaemon: boolean }) =>
        spawnSync(pathOf(shell) as string, ['-c', remoteCommand(options)], {
          env,
          input: 'in',
          encoding: 'utf8',
        });
      expect(run({ startsDaemon: true })).toMatchObject({ status: 0, stdout: 'got connect\nin', stderr: '' });
      expect(run({ startsDaemon: false, path: '~/bin/pilotty' })).toMatchObject({
        status: 0,
        stdout: 'got connect --no-start\nin',
      });
      const missing = run({ startsDaemon: true, path: '/nowhere' });
      expect(missing.status).toBe(127);
      expect(missingIn(missing.stderr)).toBe('/bin/sh');
      const old = run({ startsDaemon: true, path: 'old' });
      expect(old.status).toBe(2);
      expect(versionIn(old.stderr)).toBe('0.0.1');
    } finally {
      rmSync(home, { recursive: true });
    }
  },
);

test('a greeting is found in any parts, behind any text, with nothing of what follows lost', () => {
  const greeting = {
    error: { code: 'INTERNAL_ERROR', message: 'é', suggestion: '' },
    is_absent: false,
  } as const;
  const text = `Welcome\npilotty-connect\npilotty-connect {no\nprompt> ${greetingLine(greeting)}{"a":1}\nrest`;
  const bytes = Buffer.from(text);
  for (const size of [1, 7, bytes.length]) {
    const reader = new GreetingReader();
    let found: ReturnType<GreetingReader['push']>;
    let at = 0;
    for (; found === undefined; at += size) found = reader.push(bytes.subarray(at, at + size));
    expect(found.greeting).toEqual(greeting);
    expect(`${found.rest}${bytes.subarray(at)}`).toBe('{"a":1}\nrest');
  }
});

test('what prints without end is given up', () => {
  const reader = new GreetingReader();
  expect(() => {
    for (;;) reader.push(Buffer.alloc(64 * 1024, 'x\n'));
  }).toThrow('without end');
});

test.each([
  ['hostname a\ncontrolmaster false\ncontrolpersist no\n', true],
  ['hostname a\n', true],
  ['hostname a\ncontrolpath /x\n', false],
  ['hostname a\ncontrolmaster auto\n', false],
  ['hostname a\ncontrolpersist 60\n', false],
  ['', false],
])('connections are shared by us where the configuration says nothing of it: %j', (text, isOurs) => {
  expect(leavesSharingToUs(parseConfiguration(text))).toBe(isOurs);
});

test.each([
  ['build', 'Did you mean ssh://build?'],
  ['me@build.example:2222', 'Did you mean ssh://me@build.example:2222?'],
  ['build:2222', 'Did you mean ssh://build:2222?'],
  ['ssh:build', 'Did you mean ssh://build?'],
  ['SSH://build', 'Did you mean ssh://build?'],
  ['shh://build', 'Did you mean ssh://build?'],
  ['http://build/', 'Did you mean ssh://build?'],
  ['nats.example/ci/build-1', 'Did you mean nats://nats.example/ci/build-1?'],
  ['nat://nats.example:4222/ci/build-1', 'Did you mean nats://nats.example:4222/ci/build-1?'],
  ['TLS:/nats.example/ci/build-1', 'Did you mean tls://nats.example/ci/build-1?'],
  ['nats.example/ci', 'Did you mean --fleet nats://nats.example/ci?'],
  ['-oProxyCommand=x', 'Such as ssh://build.example'],
  ['a b', 'Such as ssh://build.example'],
  ['', 'Such as ssh://build.example'],
  ['/', 'Such as ssh://build.example'],
  ['a/b/c/d', 'Such as ssh://build.example'],
])('%j is no address, and what may have been meant is said', (text, suggestion) => {
  const said = noAddress(text, (one) => !('problem' in parseHostAddress(one)));
  expect(said?.suggestion).toContain(suggestion);
  for (const form of ['ssh://[USER@]HOST', 'nats://SERVER', 'tls://']) expect(said?.problem).toContain(form);
});

test('what begins as an address is told what is wrong with it', () => {
  for (const text of ['ssh://', 'nats://x', 'tls://x/y'])
    expect(noAddress(text, () => false)).toBe(undefined);
});
