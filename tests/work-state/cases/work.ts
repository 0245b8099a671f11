/** Programs that work, or wait for something else than a person. */
import { a, butSaid, type Case, node, python, screen, sh } from './case.ts';

export const WORK: Case[] = [
  butSaid(
    'unknown',
    a('script', 'runs a program that prints nothing', 'working', [
      ...['script', '-qc', 'echo begun; sleep 1000', '/dev/null'],
    ]),
  ),
  a('a build', 'prints', 'working', sh('while :; do echo compiling; sleep 0.3; done')),
  a('a build', 'ends well', 'done', sh('echo built')),
  a('a build', 'ends with an error', 'failed', sh('echo error; exit 2')),
  a('a build', 'reports its progress (OSC 9;4)', 'working', sh("printf '\\033]9;4;1;40\\007'; sleep 1000")),
  a('a build', 'reports an error so', 'failed', sh("printf '\\033]9;4;2;40\\007'; sleep 1000")),
  a(
    'a spinner',
    'turns for ever',
    'working',
    sh('while :; do for f in - / "|" x; do printf "\\r$f"; sleep 0.08; done; done'),
  ),
  a(
    'a progress bar',
    'stands still',
    'working',
    python("import time; print('[#####-----] 50%', end='', flush=True); time.sleep(1000)"),
  ),
  a(
    'python3',
    'tests, one of which takes long',
    'working',
    python(
      'import time, unittest\nclass T(unittest.TestCase):\n  def test_a(self): pass\n  def test_b(self): time.sleep(1000)\nunittest.main()',
    ),
  ),
  a('python3', 'serves', 'working', ['python3', '-m', 'http.server', '-b', '127.0.0.1', '0']),
  a(
    'node',
    'serves',
    'working',
    node("require('http').createServer().listen(0, '127.0.0.1', () => console.log('listening'))"),
  ),
  a('tail', 'follows a file', 'working', ['tail', '-f', '/etc/passwd']),
  a('npm (stand-in)', 'installs, with a spinner', 'working', screen('installer-spins')),
  butSaid('unknown', a('yarn (stand-in)', 'says nothing for a while', 'working', screen('install-stalls'))),
  butSaid('unknown', a('a download (stand-in)', 'stands still', 'working', screen('download-stalls'))),
  a('vite (stand-in)', 'serves, and takes keys', 'idle', screen('dev-server')),
  a('jest (stand-in)', 'watches, and takes keys', 'idle', screen('test-watcher')),
];
