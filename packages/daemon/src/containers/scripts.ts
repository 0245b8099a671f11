/**
 * What runs in a container beside the program: scripts for the sh(1) of POSIX, as dash, bash and busybox have it. What
 * is not of the shell itself (stty, cat) is used where it is there.
 */

/** Begins a report of the entry: a control string that terminals ignore. It is taken out of the output. */
export const REPORT = '\x1b]7717;';
export const END_OF_REPORT = '\x07';

/**
 * Becomes the program: sets the terminal's size, which some runtimes do only later, the environment and the directory, and
 * reports its number before it becomes the program.
 *
 * Words: a nonce, the size for stty, the directory or nothing, how many variables follow and where they are (`words` of this
 * line, or `variables` PILOTTY_ENV_1 and so on), and `become`, or `wait` where the program has to be a child: a namespace of
 * processes is that of children only. Then those variables, the program and its arguments.
 */
export const ENTRY = `
_pilotty_nonce=$1 _pilotty_size=$2 _pilotty_directory=$3 _pilotty_count=$4 _pilotty_from=$5 _pilotty_how=$6
shift 6
_pilotty_report() { printf '\\033]7717;%s;%s\\007' "$_pilotty_nonce" "$1"; }
stty $_pilotty_size 2>/dev/null
_pilotty_index=1
while [ "$_pilotty_index" -le "$_pilotty_count" ]; do
  if [ "$_pilotty_from" = words ]; then
    export "$1"
    shift
  else
    eval "export \\"\\$PILOTTY_ENV_$_pilotty_index\\"; unset PILOTTY_ENV_$_pilotty_index"
  fi
  _pilotty_index=$((_pilotty_index + 1))
done
if [ -n "$_pilotty_directory" ]; then
  CDPATH= cd "$_pilotty_directory" 2>/dev/null || { _pilotty_report no-directory; exit 126; }
  unset OLDPWD
fi
_pilotty_file=
case $1 in
  */*) [ -f "$1" ] && [ -x "$1" ] && _pilotty_file=$1 ;;
  *)
    _pilotty_ifs=$IFS IFS=:
    set -f
    for _pilotty_place in \${PATH-/usr/local/bin:/usr/bin:/bin}; do
      [ -f "\${_pilotty_place:-.}/$1" ] && [ -x "\${_pilotty_place:-.}/$1" ] || continue
      _pilotty_file=$_pilotty_place/$1
      break
    done
    set +f
    IFS=$_pilotty_ifs ;;
esac
[ -n "$_pilotty_file" ] || { _pilotty_report no-program; exit 127; }
_pilotty_facts=
{ read -r _pilotty_facts < "/proc/$$/stat"; } 2>/dev/null
_pilotty_report "started;$$;$_pilotty_facts;$(pwd)"
[ "$_pilotty_how" = wait ] || exec "$@"
trap : HUP INT QUIT ABRT TERM USR1 USR2 ALRM
# What it says of a program that a signal has ended is no output of the program.
exec 3>&2 2>/dev/null
(exec "$@" 2>&3 3>&-)
exit $?
`;

/**
 * Begins the scripts that are run beside a program. Words: its number, and when it was started.
 *
 * What belongs to it is the session of its terminal, as setsid(2) means it. A terminal's number is no mark of it: where
 * processes of several containers, or of the host, are seen, others have the same.
 *
 * Of a process: state, group, session, foreground of its terminal, and start, as proc_pid_stat(5) has them.
 */
const PRELUDE = `
pid=$1 start=$2
shift 2
facts() {
  { read -r line < "/proc/$1/stat"; } 2>/dev/null || return 1
  set -- \${line##*) }
  state=$1 group=$3 session=$4 foreground=$6 started=\${20}
}
leader=gone
facts "$pid" && [ "$started" = "$start" ] && [ "$state" != Z ] && leader=alive
of_terminal=$foreground
reused=
[ $leader = gone ] && [ -e "/proc/$pid" ] && [ "$started" != "$start" ] && reused=yes
is_its() {
  [ -z "$reused" ] && facts "$1" && [ "$state" != Z ] && [ "$session" = "$pid" ]
}
`;

/** Prints each process of the session, the words of those in the foreground, their directory, and how the terminal is set. */
export const LOOK = `${PRELUDE}
mark=$1
[ $leader = alive ] || { echo gone; exit 0; }
first=
for place in /proc/[0-9]*; do
  its=\${place#/proc/}
  is_its "$its" || continue
  echo "process $line"
  [ "$group" = "$of_terminal" ] || continue
  { [ -z "$first" ] || [ "$its" = "$of_terminal" ]; } && first=$its
  echo "words $its"
  cat "$place/cmdline" 2>/dev/null
  printf '\\n%s\\n' "$mark"
done
echo "directory $first"
[ -z "$first" ] || (cd "/proc/$first/cwd" 2>/dev/null && pwd -P)
printf '\\n%s\\n' "$mark"
echo "terminal"
{ stty -a < "/proc/$pid/fd/0"; } 2>/dev/null
printf '\\n%s\\n' "$mark"
echo end
`;

/** Sends a signal to the foreground of the terminal. Words: the signal. */
export const SIGNAL = `${PRELUDE}
[ $leader = alive ] && [ "$of_terminal" -gt 0 ] || { echo gone; exit 0; }
found=
for place in /proc/[0-9]*; do
  its=\${place#/proc/}
  is_its "$its" && [ "$group" = "$of_terminal" ] && found="$found $its"
done
[ -n "$found" ] || { echo gone; exit 0; }
kill -"$1" $found && echo "sent $of_terminal"
`;

/**
 * Sends a signal to every process of the session, and a hang-up to those that ignore TERM, as interactive shells do.
 * Words: the signal, or \`none\`. Prints those that are left.
 */
export const END = `${PRELUDE}
signal=$1
for place in /proc/[0-9]*; do
  its=\${place#/proc/}
  is_its "$its" || continue
  if [ "$signal" = none ]; then
    echo "process $line"
    continue
  fi
  kill -"$signal" "$its" 2>/dev/null
  if [ "$signal" = TERM ]; then
    while read -r name value; do
      [ "$name" = SigIgn: ] || continue
      case $value in *[4567cdefCDEF]???) kill -HUP "$its" 2>/dev/null ;; esac
    done < "$place/status"
  fi
  case $signal in KILL | STOP | CONT) ;; *) kill -CONT "$its" 2>/dev/null ;; esac
done
echo end
`;
