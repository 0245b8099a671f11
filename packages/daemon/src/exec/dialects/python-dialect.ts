/**
 * Python's own prompt, and xonsh's, whose language is Python with commands in it. The code is run statement by statement as the prompt would, so that the value
 * of an expression is shown, in the namespace of the prompt; its descriptors are turned to the
 * channels meanwhile, which takes what its children print as well.
 * xonsh knows how the last command ended in its history; where a user has switched that off, nothing says so.
 */
import { type Dialect, eraseRows, type Line, mark, REPORT_END } from './dialect.ts';

export const pythonDialect = dialectOf('python', true, {
  namespace: `sys.modules['__main__'].__dict__`,
  parse: 'ast.parse(source, name).body',
  quiet: 'yield',
  status: '0',
});

export const xonshDialect = dialectOf('xonsh', false, {
  namespace: '__xonsh__.ctx',
  // Nothing is parsed of an empty text, and a line has to end.
  parse: `getattr(__xonsh__.execer.parse(source + '\\n', set(namespace), 'exec', name), 'body', [])`,
  // A title and colours would be part of what the command has written.
  quiet: `__xonsh__.shell.settitle = lambda: None
        try:
            with __xonsh__.env.swap(COLOR_RESULTS=False):
                yield
        finally:
            del __xonsh__.shell.settitle`,
  status: `'' if __xonsh__.history is None else __xonsh__.history.last_cmd_rtn or 0`,
});

/** Expressions of the language. */
interface Language {
  /** Of its prompt. */
  namespace: string;
  /** The statements in `source`. */
  parse: string;
  /** Statements around `yield`, which is where the command runs: what else would be written is not. */
  quiet: string;
  /** How the command ended that has raised nothing; '' where that is not known. */
  status: string;
}

function dialectOf(name: string, isRepl: boolean, language: Language): Dialect {
  return {
    name,
    isRepl,
    // A namespace of its own leaves no name behind.
    lineToType: (path) => `exec(open(${literal(path)}).read(), {})`,
    filesFor: (line, code) => ({ [line.files.run]: runText(line, language), [line.files.code]: code }),
  };
}

function runText({ files, nonce, rows, isPty }: Line, { namespace, parse, quiet, status }: Language): string {
  return `
def run():
    import ast, contextlib, linecache, os, sys
    try:
        import readline
        last = readline.get_current_history_length()
        if ${literal(files.directory)} in (readline.get_history_item(last) or ''):
            readline.remove_history_item(last - 1)
    except Exception:
        pass

    def say(text):
        # For reading as well: opening a FIFO to write waits for a reader.
        reports = os.open(${literal(files.say)}, os.O_RDWR)
        os.write(reports, (text + ${literal(REPORT_END)}).encode('utf-8', 'surrogateescape'))
        os.close(reports)

    def flush():
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except Exception:
                pass

    def show(text):
        sys.__stdout__.write(text)
        sys.__stdout__.flush()

    @contextlib.contextmanager
    def quiet():
        ${quiet}

    show(${literal(eraseRows(rows) + (isPty ? mark(nonce, 'begin') : ''))})
    say('begun ${nonce} ')
    paths = ${isPty ? '[]' : `[(os.devnull, os.O_RDONLY), (${literal(files.out)}, os.O_WRONLY), (${literal(files.err)}, os.O_WRONLY)]`}
    saved = [os.dup(number) for number in range(len(paths))]
    for number, (path, how) in enumerate(paths):
        opened = os.open(path, how)
        os.dup2(opened, number)
        os.close(opened)
    status = 0
    try:
        with open(${literal(files.code)}, encoding='utf-8', newline='') as code:
            source = code.read()
        name = '<exec>'
        linecache.cache[name] = (len(source), None, source.splitlines(True), name)
        trace = None
        try:
            namespace = ${namespace}
            statements = ${parse}
            trace = True
            with quiet():
                for statement in statements:
                    exec(compile(ast.Interactive([statement]), name, 'single', 0, True), namespace)
            status = ${status}
        except SystemExit:
            raise
        except BaseException as error:
            status = 1
            # Without the frame of ours, which for a mistake in the code are all there are.
            trace = trace and error.__traceback__.tb_next
            error.__traceback__ = trace
            sys.last_type, sys.last_value, sys.last_traceback = type(error), error, trace
            sys.excepthook(type(error), error, trace)
    finally:
        flush()
        for number, descriptor in enumerate(saved):
            os.dup2(descriptor, number)
            os.close(descriptor)
        ${isPty ? `show(${literal(mark(nonce, 'end'))})` : 'pass'}
    try:
        directory = os.getcwd()
    except OSError:
        directory = ''
    say('done ${nonce} %s %s' % (status, directory))

run()
`;
}

/** JSON's strings are Python's, and JavaScript's. */
function literal(text: string): string {
  return JSON.stringify(text);
}
