/** Runs a program to its end, as scripts of the documentation are run. */
import { type ExecFileOptions, execFile } from 'node:child_process';

export interface Printed {
  stdout: string;
  stderr: string;
}

/** @throws where it cannot be started or does not exit with 0; the error shows all that it has printed */
export function runFile(
  file: string,
  args: readonly string[],
  options: Pick<ExecFileOptions, 'env' | 'cwd' | 'timeout'> = {},
): Promise<Printed> {
  return new Promise((resolve, reject) => {
    execFile(file, args, { ...options, encoding: 'utf8' }, (error, stdout, stderr) => {
      if (error === null) return resolve({ stdout, stderr });
      const how = error.killed ? 'took too long' : `ended with ${error.code ?? error.signal}`;
      reject(new Error(`${file} ${how}\nstdout:\n${stdout}\nstderr:\n${stderr}`, { cause: error }));
    });
  });
}
