/**
 * Programs that hand on another terminal: by name, and where they hold the other end of one, as script(1) and
 * sudo(8) do. The kernel lists the files that a process has open.
 */
import type { Foreground } from '@pilotty/protocol';
import { hasOpen, processName } from './process-table.ts';

const RELAYS = new Set([
  ...['ssh', 'autossh', 'dbclient', 'plink', 'slogin', 'rsh', 'rlogin', 'telnet', 'et', 'sshpass', 'gcloud'],
  ...['docker', 'podman', 'nerdctl', 'kubectl', 'oc', 'crictl', 'ctr', 'runc', 'crun', 'lxc', 'lxc-attach'],
  ...['incus', 'docker-compose', 'podman-compose', 'machinectl', 'systemd-run', 'run0', 'nsenter', 'virsh'],
  ...['sudo', 'su', 'doas', 'runuser', 'pkexec', 'newgrp', 'sg', 'script', 'expect', 'unbuffer', 'asciinema'],
  ...[
    'ttyrec',
    'adb',
    'vagrant',
    'multipass',
    'limactl',
    'lima',
    'wsl',
    'heroku',
    'fly',
    'flyctl',
    'distrobox',
  ],
  ...['toolbox', 'picocom', 'minicom', 'tio', 'cu', 'socat', 'pct', 'qm', 'aws', 'session-manager-plugin'],
]);

/** Those that draw the screen themselves, so that our control strings do not come through. */
const MULTIPLEXERS = new Set(['tmux', 'screen', 'mosh', 'mosh-client', 'zellij', 'dvtm', 'byobu']);

const INTERPRETERS = /^(?:python|node|perl|ruby|bash|dash|expect|tclsh)[\d.]*$/;

export function relayOf({
  pid,
  argv,
}: Pick<Foreground, 'pid' | 'argv'>): 'relay' | 'multiplexer' | undefined {
  const file = processName(pid) ?? '';
  // What a program calls itself, and the script that an interpreter runs.
  const words = argv.slice(0, INTERPRETERS.test(file) ? 2 : 1).map((word) => word.split('/').at(-1) ?? '');
  const names = [file, ...words].map((name) => name.replace(/(?:\.py|:.*)$/, ''));
  if (names.some((name) => MULTIPLEXERS.has(name))) return 'multiplexer';
  if (names.some((name) => RELAYS.has(name))) return 'relay';
  return hasOpen(pid, (path) => path.endsWith('/ptmx')) ? 'relay' : undefined;
}
