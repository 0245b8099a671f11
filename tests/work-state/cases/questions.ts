/** Programs that ask a line, a key or a choice of a person. */
import { a, type Case, screen, sh } from './case.ts';

export const QUESTIONS: Case[] = [
  a(
    'git',
    'asks what to add',
    'asking',
    sh(
      'git init -q r && cd r && echo a > f && git add f && git -c user.name=u -c user.email=e commit -qm m && echo b >> f && git add -p',
    ),
  ),
  a(
    'git',
    'asks for a name to log in with',
    'asking',
    sh("printf 'protocol=https\\nhost=example.invalid\\n\\n' | git -c credential.helper= credential fill"),
  ),
  a('rm', 'asks whether to remove', 'asking', sh('echo x > f; rm -i f')),
  a('ssh-keygen', 'asks where to save', 'asking', ['ssh-keygen', '-t', 'ed25519']),
  a('ssh-keygen', 'asks for a passphrase', 'asking', ['ssh-keygen', '-t', 'ed25519', '-f', 'k']),
  a('openssl', 'asks for a pass phrase', 'asking', ['openssl', 'genrsa', '-aes256', '-out', 'k', '2048']),
  a('npm', 'asks for the name of a package (init)', 'asking', ['npm', 'init']),
  a(
    'apt (stand-in)',
    'asks to continue',
    'asking',
    sh("printf 'After this operation, 12 MB will be used.\\nDo you want to continue? [Y/n] '; read x"),
  ),
  a(
    'ssh (stand-in)',
    'asks about a host key',
    'asking',
    sh("printf 'Are you sure you want to continue connecting (yes/no/[fingerprint])? '; read x"),
  ),
  a(
    'ssh (stand-in)',
    'asks for a password',
    'asking',
    sh('printf "u@host\'s password: "; stty -echo; read x'),
  ),
  a(
    'sudo (stand-in)',
    'asks for a password',
    'asking',
    sh("printf '[sudo] password for u: '; stty -echo; read x"),
  ),
  a(
    'sudo (stand-in)',
    'asks again after a wrong one',
    'asking',
    sh(
      "printf '[sudo] password for u: '; stty -echo; read x; printf '\\nSorry, try again.\\n[sudo] password for u: '; read x",
    ),
    [{ shown: 'password for u', text: 'wrong', enter: true }],
  ),
  a(
    'terraform (stand-in)',
    'asks for an approval',
    'asking',
    sh(
      'printf "Do you want to perform these actions?\\n  Only \'yes\' will be accepted to approve.\\n\\n  Enter a value: "; read x',
    ),
  ),
  a('a script', 'asks, and reads in the next line', 'asking', sh("echo 'Overwrite the file? [y/N]'; read x")),
  a(
    'a script',
    'waits for any key',
    'asking',
    sh("printf 'Press any key to continue . . . '; stty -icanon; dd bs=1 count=1 2>/dev/null"),
  ),
  a(
    'a script',
    'has been answered, and works',
    'working',
    sh("printf 'Deploy? [y/N] '; read x; echo 'deploying'; sleep 1000"),
    [{ shown: 'Deploy', text: 'y', enter: true }],
  ),
  a(
    'a script',
    'prints a question that nobody is to answer',
    'working',
    sh("echo 'What is new? See the log.'; echo 'Ready? [y/n]'; sleep 1000"),
  ),
  a('a script', 'asks, and counts down to what it does without an answer', 'asking', screen('countdown')),
  a('inquirer (stand-in)', 'offers a list', 'asking', screen('list-inquirer')),
  a('inquirer (stand-in)', 'asks for confirmation', 'asking', screen('confirm-inquirer')),
  a('inquirer (stand-in)', 'offers boxes to tick', 'asking', screen('checkbox-inquirer')),
  a('prompts (stand-in)', 'asks for a text', 'asking', screen('text-prompts')),
  a('clack (stand-in)', 'offers a list', 'asking', screen('list-clack')),
  a('clack (stand-in)', 'asks for a text', 'asking', screen('text-clack')),
  a('gh (stand-in)', 'offers a list', 'asking', screen('list-survey')),
];
