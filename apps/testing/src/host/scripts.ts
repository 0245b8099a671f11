/** What is run on another host for a launch there. Any `sh` reads it; what it is about are its arguments. */

/** Prints the directory, the system, and the PATH that programs have there. */
export const MAKE = `umask 077
d=$(mktemp -d "\${TMPDIR:-/tmp}/pilotty-test-XXXXXX") && d=$(cd "$d" && pwd -P) || exit
mkdir -p "$d/home/work" "$d/tmp" && printf '%s\\n%s\\n%s' "$d" "$(uname -s)" "$PATH"`;

/** `new` or `more`, a path and a part of its content, as often as there are. */
export const WRITE = `while [ $# -gt 0 ]; do
  if [ "$1" = new ]; then mkdir -p "$(dirname "$2")" && : > "$2" || exit; fi
  printf %b "$3" >> "$2" || exit
  shift 3
done`;

export const READ = 'cat < "$1"';

/** Prints how many bytes there are, and the last of them. */
export const READ_END = 's=$(wc -c < "$1") && printf \'%s\\n\' "$s" && tail -c "$2" < "$1"';

/**
 * Ends what has left its terminal (Linux: elsewhere the environment of another process is not to be had), and removes the
 * directory. What one of them starts meanwhile is found the next time.
 */
export const REMOVE = `d=$1
for round in 1 2 3 4 5 6 7 8 9 10; do
  found=
  for file in $(grep -lsF "HOME=$d/" /proc/[0-9]*/environ 2>/dev/null); do
    p=\${file#/proc/}
    kill -9 "\${p%/environ}" 2>/dev/null && found=yes
  done
  [ -n "$found" ] || break
done
rm -rf "$d"`;

/** What one word of a command line has room for is 128 KiB on Linux. */
const MAX_PART_LENGTH = 100_000;

/** The calls of WRITE that files take, each as its arguments. @param files by their whole paths */
export function writesOf(
  files: readonly (readonly [path: string, content: string | Uint8Array])[],
): string[][] {
  const calls: string[][] = [[]];
  let length = 0;
  for (const [path, content] of files) {
    for (const [index, part] of partsOf(Buffer.from(content)).entries()) {
      if (length + part.length > MAX_PART_LENGTH) {
        calls.push([]);
        length = 0;
      }
      calls.at(-1)?.push(index === 0 ? 'new' : 'more', path, part);
      length += part.length;
    }
  }
  return calls.filter((words) => words.length > 0);
}

/** As `printf %b` reads it. Of a file that is empty there is one part. */
function partsOf(content: Buffer): string[] {
  const parts: string[] = [];
  let part = '';
  for (const byte of content) {
    if (part.length > MAX_PART_LENGTH / 2) {
      parts.push(part);
      part = '';
    }
    part += isPlain(byte) ? String.fromCharCode(byte) : `\\0${byte.toString(8).padStart(3, '0')}`;
  }
  return [...parts, part];
}

const BACKSLASH = 0x5c;

function isPlain(byte: number): boolean {
  return byte === 0x0a || (byte >= 0x20 && byte < 0x7f && byte !== BACKSLASH);
}
