/**
 * What ssh runs on the other host. The user's login shell there reads it, whichever that is, so it is one word in single
 * quotes for `sh`: in it stand no single quotes, no backslashes and no exclamation marks.
 */

/** What may be a path or a name there: nothing that a shell reads otherwise. `~/` is the home directory there. */
const PATH = /^(?!-)(?:~\/)?[\w./+@%=:,-]+$/;

export function isRemotePath(text: string): boolean {
  return PATH.test(text);
}

/** Behind it stand the ways that were tried. */
const MISSING = 'pilotty-not-found';

/**
 * Where the PATH of a command over ssh has no pilotty, or no Node for it, that of a login shell may: theirs is set by
 * files that only such shells read. One that knows no `connect` is asked for its version.
 */
export function remoteCommand({
  path = 'pilotty',
  startsDaemon,
}: {
  path?: string | undefined;
  startsDaemon: boolean;
}): string {
  const program = path.startsWith('~/') ? `$HOME/${path.slice(2)}` : path;
  const words = `connect${startsDaemon ? '' : ' --no-start'}`;
  const script = [
    `p="${program}"`,
    `"$p" ${words}`,
    'r=$?',
    'if [ $r = 126 ] || [ $r = 127 ]; then',
    'case "$SHELL" in */bash|*/zsh|*/ksh|*/mksh|*/dash|*/ash|*/sh|*/fish) s=$SHELL;; *) s=sh;; esac',
    `"$s" -lc "$p ${words}"`,
    'r=$?',
    'fi',
    `if [ $r = 126 ] || [ $r = 127 ]; then echo "${MISSING}: $s" >&2; fi`,
    'if [ $r = 2 ]; then "$p" --version >&2; fi',
    'exit $r',
  ];
  // `then` takes no semicolon behind it.
  return `sh -c '${script.join('; ').replaceAll('then; ', 'then ')}'`;
}

/** The login shell that did not find it either; undefined where it was found. */
export function missingIn(stderr: string): string | undefined {
  return new RegExp(`^${MISSING}: (.*)$`, 'm').exec(stderr)?.[1];
}

/** What an older pilotty says of itself. */
export function versionIn(stderr: string): string | undefined {
  return /^pilotty (\d\S*)\r?$/m.exec(stderr)?.[1];
}
