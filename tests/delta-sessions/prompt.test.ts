/** Where a program waits for input, and where it only pauses. */
import { expect, test } from 'vitest';
import { asksForSecret, endsInPrompt } from '../../apps/delta-sessions/src/prompt.ts';

test.each([
  'user@host:~$ ',
  'root@host:/etc# ',
  '\x1b[?2004h\x1b[01;32muser@host\x1b[00m:\x1b[01;34m~\x1b[00m$ ',
  '\x1b]0;user@host: ~\x07user@host:~$ ',
  'done\r\n~ % ',
  '~/work ❯ ',
  '>>> ',
  '... ',
  'In [12]: ',
  '(Pdb) ',
  'mydb=> ',
  'mydb-# ',
  'sqlite> ',
  'mysql> ',
  'irb(main):001:0> ',
  '> ',
  'Password: ',
  "user@host's password: ",
  'Enter passphrase for key: ',
  'Overwrite? [y/N] ',
  'Are you sure you want to continue connecting (yes/no/[fingerprint])? ',
  'What is your name? ',
])('%j is a prompt', (text) => {
  expect(endsInPrompt(Buffer.from(`some output\r\n${text}`))).toBe(true);
});

test.each([
  '',
  'stage 1\r\n',
  'user@host:~$ ls',
  'progress: 50% ',
  'progress: 50%',
  'a line that goes on ',
  'x = y ? a : b',
  '$ \r\n',
])('%j is none', (text) => {
  expect(endsInPrompt(Buffer.from(`some output\r\n${text}`))).toBe(false);
});

test.each([
  ['[sudo] password for ada: ', true],
  ['Enter PIN: ', true],
  ['Verification code: ', true],
  ['user@host:~$ ', false],
  ['login: ', false],
  ['the password: is wrong\r\n', false],
])('%j asks for a secret: %s', (text, expected) => {
  expect(asksForSecret(Buffer.from(text))).toBe(expected);
});
