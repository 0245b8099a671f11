/**
 * Commands that have broken others of our kind, and what they must answer. Those without `fish` are
 * not of its language; `in` names the shells that answer otherwise, and why is in the shells' manuals.
 */
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: they are the shell's
import type { Shell } from './shell-session.ts';

export interface Expected {
  stdout?: string | RegExp;
  stderr?: string | RegExp;
  code?: number | null;
  /** The shell is expected to end with the command. */
  ends?: true;
}

export interface NastyCommand extends Expected {
  what: string;
  run: string;
  /** The same in fish; 'same' where the text is; absent where fish has no such thing. */
  fish?: string;
  in?: Partial<Record<Shell, Expected | 'skip'>>;
}

const SAME = 'same';

export const NASTY: readonly NastyCommand[] = [
  // — output —
  { what: 'nothing', run: 'true', fish: SAME },
  { what: 'an empty command', run: '', fish: SAME },
  { what: 'only a comment', run: '# nothing', fish: SAME },
  { what: 'only blank lines', run: '\n\n\n', fish: SAME },
  { what: 'no final newline', run: 'printf abc', fish: SAME, stdout: 'abc' },
  { what: 'only a newline', run: 'echo', fish: SAME, stdout: '\n' },
  { what: 'trailing blank lines', run: "printf 'a\\n\\n\\n'", fish: SAME, stdout: 'a\n\n\n' },
  { what: 'leading blanks', run: "printf '   a'", fish: SAME, stdout: '   a' },
  { what: 'a carriage return of its own', run: "printf 'a\\r\\nb\\r'", fish: SAME, stdout: 'a\r\nb\r' },
  {
    what: 'escape sequences of its own',
    run: "printf '\\033[31mred\\033[0m'",
    fish: SAME,
    stdout: '\x1b[31mred\x1b[0m',
  },
  { what: 'a tab and a bell', run: "printf 'a\\tb\\a'", fish: SAME, stdout: 'a\tb\x07' },
  { what: 'characters of several bytes', run: "echo 'äöü 漢字 🎉'", fish: SAME, stdout: 'äöü 漢字 🎉\n' },
  { what: 'streams apart', run: 'echo out; echo err >&2', fish: SAME, stdout: 'out\n', stderr: 'err\n' },
  { what: 'stderr into stdout', run: 'sh -c "echo a; echo b >&2" 2>&1', fish: SAME, stdout: 'a\nb\n' },
  { what: 'a long line', run: "head -c 100000 /dev/zero | tr '\\0' x", fish: SAME, stdout: /^x{100000}$/ },
  { what: 'many lines', run: 'seq 1 20000', fish: SAME, stdout: /^1\n2\n(\d+\n)*19999\n20000\n$/ },
  {
    what: 'no terminal on stdout',
    run: 'test -t 1; echo $?',
    fish: 'test -t 1; echo $status',
    stdout: '1\n',
  },
  { what: 'no colours from ls', run: 'touch f; ls --color=auto', fish: SAME, stdout: /^f\n/ },
  {
    what: "what looks like a shell's mark",
    run: "printf '\\033]133;D;0\\007'",
    fish: SAME,
    stdout: '\x1b]133;D;0\x07',
  },
  {
    what: 'what looks like our report',
    run: "printf 'done 0000000000000000 9 /\\036'",
    fish: SAME,
    stdout: 'done 0000000000000000 9 /\x1e',
  },
  {
    what: 'what looks like a prompt',
    run: "echo '$ '; echo '>>> '; echo '# '",
    fish: SAME,
    stdout: '$ \n>>> \n# \n',
  },
  {
    what: 'an end marker of others',
    run: 'echo DELTA_CMD_EOF; echo EOF',
    fish: SAME,
    stdout: 'DELTA_CMD_EOF\nEOF\n',
  },
  {
    what: 'a line that is an end marker of others',
    run: 'echo a\n: DELTA_CMD_EOF\necho b',
    fish: 'echo a\ntrue DELTA_CMD_EOF\necho b',
    stdout: 'a\nb\n',
  },
  {
    what: 'a substitution of processes that is late',
    run: 'echo late > >(sleep 0.01; cat)',
    stdout: 'late\n',
    in: { dash: 'skip' },
  },
  // — status —
  { what: 'false', run: 'false', fish: SAME, code: 1 },
  { what: 'a status of 42', run: 'sh -c "exit 42"', fish: SAME, code: 42 },
  { what: 'a status of 255', run: 'sh -c "exit 255"', fish: SAME, code: 255 },
  {
    what: 'a program that is not there',
    run: 'no-such-program-at-all',
    fish: SAME,
    code: 127,
    stderr: /no-such-program-at-all/,
  },
  {
    what: 'a file that cannot be run',
    run: 'echo x >not-executable; ./not-executable',
    fish: SAME,
    code: 126,
    stderr: /./,
  },
  { what: 'a program killed by a signal', run: "sh -c 'kill -9 $$'", fish: SAME, code: 137, stderr: /.*/ },
  { what: 'the status of a pipeline', run: 'false | true', fish: SAME },
  { what: 'a subshell', run: '(exit 5)', code: 5 },
  { what: 'a negated command', run: '! true', fish: 'not true', code: 1 },
  { what: 'a condition that fails', run: 'test 1 = 2 && echo yes', fish: SAME, code: 1 },
  {
    what: 'status from before',
    run: '(exit 9)\necho $?',
    fish: 'sh -c "exit 9"\necho $status',
    stdout: '9\n',
  },
  { what: 'return', run: 'echo a; return 6; echo b', stdout: 'a\n', code: 6 },
  { what: 'return 0 in the middle', run: 'echo a\nreturn 0\necho b', stdout: 'a\n' },
  { what: 'exit', run: 'echo last; exit 3', fish: SAME, stdout: 'last\n', code: 3, ends: true },
  { what: 'exit without a status', run: 'false\nexit', fish: SAME, code: 1, ends: true },
  {
    what: 'exit in a function',
    run: 'f() { exit 4; }\nf\necho no',
    fish: 'function f; exit 4; end\nf\necho no',
    code: 4,
    ends: true,
  },
  {
    what: 'an exit trap',
    run: "trap 'echo bye' EXIT; exit 8",
    stdout: 'bye\n',
    code: 8,
    ends: true,
    in: {
      bash: { stdout: '', ends: true },
      ksh: { stdout: '', ends: true },
      dash: { stdout: '', ends: true },
    },
  },
  {
    what: 'exec of another program',
    run: 'exec echo replaced',
    fish: SAME,
    stdout: 'replaced\n',
    ends: true,
  },
  {
    what: 'exec of one that fails',
    run: 'exec sh -c "echo x; exit 11"',
    fish: SAME,
    stdout: 'x\n',
    code: 11,
    ends: true,
  },
  { what: 'errexit', run: 'set -e\nfalse\necho no', code: 1, ends: true },
  {
    what: 'errexit that is not met',
    run: 'set -e; if false; then :; fi; false || echo fine; set +e',
    stdout: 'fine\n',
  },
  { what: 'errexit in a subshell', run: '(set -e; false; echo no); echo $?', stdout: '1\n' },
  { what: 'the shell killed', run: 'kill -9 $$', fish: 'kill -9 $fish_pid', code: null, ends: true },
  // — syntax —
  {
    what: 'an unfinished word',
    run: "echo 'abc",
    fish: SAME,
    code: 2,
    stderr: /./,
    in: {
      bash: { stderr: /./, code: 2 },
      zsh: { code: 126, stderr: /unmatched/ },
      ksh: { code: 3, stderr: /./ },
      fish: { code: 123 },
    },
  },
  {
    what: 'an unfinished if',
    run: 'if true; then echo a',
    fish: 'if true; echo a',
    code: 2,
    stderr: /./,
    in: {
      bash: { code: 2, stderr: /./ },
      zsh: { code: 126, stderr: /./ },
      ksh: { code: 3, stderr: /./ },
      fish: { code: 123 },
    },
  },
  {
    what: 'a stray bracket',
    run: 'echo a )',
    fish: SAME,
    code: 2,
    stderr: /./,
    in: { zsh: { code: 126, stderr: /./ }, ksh: { code: 3, stderr: /./ }, fish: { code: 123 } },
  },
  {
    what: 'a mistake on the second line',
    run: 'echo first\nfi',
    fish: 'echo first\nend',
    code: 2,
    stdout: 'first\n',
    stderr: /./,
    in: {
      zsh: { code: 126, stdout: 'first\n', stderr: /./ },
      ksh: { code: 3, stdout: '' },
      fish: { stdout: '', code: 123 },
    },
  },
  { what: 'a backslash at the end', run: 'echo abc\\', stdout: /^abc\\?\n$/ },
  {
    what: 'a backslash and a newline',
    run: 'echo a\\\nb',
    fish: SAME,
    stdout: 'ab\n',
    in: { fish: { stdout: 'ab\n' } },
  },
  { what: 'an ampersand at the end', run: 'sleep 0 & wait', fish: SAME, stderr: /.*/ },
  {
    what: 'a here-document',
    run: "cat <<'EOF'\na $b `c` \\\nEOF\necho after",
    stdout: 'a $b `c` \\\nafter\n',
  },
  { what: 'a here-document with variables', run: 'V=x; cat <<EOF\n$V\nEOF', stdout: 'x\n' },
  {
    what: 'a here-document that never ends',
    run: 'cat <<EOF\nabc',
    stdout: /^abc\n?$/,
    in: { bash: { stdout: /^abc\n?$/, stderr: /./ }, zsh: 'skip', ksh: 'skip' },
  },
  { what: 'two here-documents', run: 'cat <<A; cat <<B\n1\nA\n2\nB', stdout: '1\n2\n' },
  { what: 'a string over lines', run: "echo 'a\n\n  b'", fish: SAME, stdout: 'a\n\n  b\n' },
  {
    what: 'a loop over lines',
    run: 'for i in 1 2 3\ndo\n  echo $i\ndone',
    fish: 'for i in 1 2 3\n  echo $i\nend',
    stdout: '1\n2\n3\n',
  },
  {
    what: 'an alias used on the next line',
    run: "alias hello='echo hi'\nhello",
    fish: SAME,
    stdout: 'hi\n',
    in: { ksh: { stdout: '', stderr: /hello/, code: 127 } },
  },
  {
    what: 'a function used on the next line',
    run: 'f() {\n  echo in $1\n}\nf x',
    fish: 'function f\n  echo in $argv[1]\nend\nf x',
    stdout: 'in x\n',
  },
  { what: 'an exclamation mark', run: 'echo "a!b" !x', fish: SAME, stdout: 'a!b !x\n' },
  {
    what: 'a line that begins with a dash',
    run: "printf '%s\\n' -e -n --",
    fish: SAME,
    stdout: '-e\n-n\n--\n',
  },
  { what: 'quotes of all kinds', run: `printf '%s' "it's" '"' '\\' '$x'`, stdout: `it's"\\$x` },
  { what: 'a tab that would complete', run: 'echo\ta\tb', fish: SAME, stdout: 'a b\n' },
  { what: 'lines that end as on Windows', run: 'echo a;\r\n:', stdout: /^a/, stderr: /./ },
  {
    what: 'a long line of code',
    run: `echo ${'a'.repeat(20000)}`,
    fish: SAME,
    stdout: `${'a'.repeat(20000)}\n`,
  },
  { what: 'a thousand lines of code', run: `${'true\n'.repeat(1000)}echo end`, fish: SAME, stdout: 'end\n' },
  // — stdin —
  { what: 'a program that reads stdin', run: 'cat; echo after', fish: SAME, stdout: 'after\n' },
  {
    what: 'a program that would eat the script',
    run: 'cat >/dev/null\necho kept',
    fish: SAME,
    stdout: 'kept\n',
  },
  { what: 'read', run: 'read x; echo "$? [$x]"', fish: 'read x; echo "$status [$x]"', stdout: '1 []\n' },
  { what: 'a shell in a shell', run: 'sh -c "cat; echo inner"', fish: SAME, stdout: 'inner\n' },
  { what: 'bash without anything to do', run: 'bash; echo out', fish: SAME, stdout: 'out\n' },
  {
    what: 'a pipe into a loop',
    run: 'printf \'a\\nb\\n\' | while read l; do echo "<$l>"; done',
    fish: 'printf \'a\\nb\\n\' | while read l; echo "<$l>"; end',
    stdout: '<a>\n<b>\n',
  },
  // — options and variables that would disturb us —
  { what: 'nounset', run: 'set -u; echo "${NOT_SET-unset}"; set +u', stdout: 'unset\n' },
  {
    what: 'nounset that is met',
    run: 'set -u\necho "$NOT_SET_AT_ALL"\necho no',
    stderr: /NOT_SET_AT_ALL/,
    code: 1,
    in: { bash: { stdout: 'no\n', code: 0 }, zsh: { code: 126 }, dash: { code: 2 } },
  },
  {
    what: 'noclobber',
    run: 'set -C; echo x >|f2; echo y >f2; echo $?; set +C',
    stdout: /^[12]\n$/,
    stderr: /f2/,
  },
  {
    what: 'noexec is refused',
    run: 'set -n; set +n; echo still',
    stdout: 'still\n',
    in: { bash: { stdout: 'still\n' }, ksh: 'skip', zsh: 'skip', dash: 'skip' },
  },
  { what: 'a trace', run: 'set -x; echo t; set +x', stdout: 't\n', stderr: /echo t/ },
  { what: 'every variable exported', run: 'set -a; A_B=1; env | grep -c __pilotty; set +a', stdout: '0\n' },
  { what: 'a strange IFS', run: 'IFS=/0123456789; echo kept\nunset IFS', stdout: 'kept\n' },
  { what: 'globbing switched off', run: 'set -f; echo *; set +f', stdout: '*\n', in: { zsh: 'skip' } },
  { what: 'a strange umask', run: 'umask 777; echo fine; umask 022', fish: SAME, stdout: 'fine\n' },
  {
    what: 'a directory that goes away',
    run: 'mkdir d; cd d; rmdir ../d; echo here; cd ..',
    fish: SAME,
    stdout: 'here\n',
  },
  {
    what: 'a function called printf',
    run: 'printf() { echo no; }\necho fine; unset -f printf',
    stdout: 'fine\n',
  },
  { what: 'PATH gone', run: 'OLD=$PATH; PATH=/nowhere; echo builtin; PATH=$OLD', stdout: 'builtin\n' },
  { what: 'streams sent elsewhere', run: 'exec >gone 2>&1; echo into', stdout: '' },
  { what: 'streams closed', run: 'exec >&- 2>&-', code: 0 },
  {
    what: 'an error trap',
    run: "trap 'echo E' ERR; false; trap - ERR; true",
    stdout: /^E\n/,
    in: { dash: 'skip' },
  },
  // — jobs —
  {
    what: 'a background job',
    run: 'sleep 60 & echo started; kill -9 $!; wait $! 2>/dev/null; true',
    fish: 'sleep 60 & echo started; kill -9 $last_pid',
    stdout: 'started\n',
    stderr: /.*/,
  },
  {
    what: 'a job that outlives the command',
    run: '(sleep 1; echo late) & echo now',
    stdout: 'now\n',
    stderr: /.*/,
  },
  { what: 'a program that goes its own way', run: 'setsid sleep 0.2; echo on', fish: SAME, stdout: 'on\n' },
  {
    what: 'a signal to the command itself',
    run: "sh -c 'kill -TERM $$'; echo $?",
    stdout: '143\n',
    stderr: /.*/,
    in: { ksh: { stdout: '271\n' } },
  },
  {
    what: 'a broken pipe',
    run: 'yes | head -1',
    fish: SAME,
    stdout: 'y\n',
    // Its pipes are sockets, and whether the writer is told in time is a race.
    in: { ksh: { stderr: /^(.*reset by peer.*\s*)?$/ } },
  },
  {
    what: 'what is written to the terminal',
    run: 'echo seen >/dev/tty; echo kept',
    fish: SAME,
    stdout: 'kept\n',
    in: { fish: { stderr: 'seen\n' } },
  },
];
