/**
 * What the commands of a rule have of the environment of who makes it. It is kept with the rule, on disk too, so it is a short
 * list: what programs need to be found, to speak a language and to reach the desktop, and nothing that is likely a secret.
 */
const KEPT: readonly string[] = [
  'HOME',
  'PATH',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'TZ',
  'TMPDIR',
  'DISPLAY',
  'WAYLAND_DISPLAY',
  'XAUTHORITY',
  'XDG_RUNTIME_DIR',
  'XDG_CONFIG_HOME',
  'XDG_STATE_HOME',
  'DBUS_SESSION_BUS_ADDRESS',
  'PILOTTY_SOCKET_DIR',
];

export function ruleEnvironment(env: Readonly<Record<string, string | undefined>>): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    if (value !== undefined && (KEPT.includes(name) || name.startsWith('LC_'))) kept[name] = value;
  }
  return kept;
}
