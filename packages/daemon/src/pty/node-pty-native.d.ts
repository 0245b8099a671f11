/**
 * What node-pty has below its own JavaScript, which is what loses output, and takes most of the time of loading it. Not
 * public API, hence the exact version in package.json.
 */
declare module 'node-pty/lib/utils.js' {
  export function loadNativeModule(name: 'pty'): { module: NativePty };

  export interface NativePty {
    fork(
      file: string,
      args: readonly string[],
      env: readonly string[],
      cwd: string,
      cols: number,
      rows: number,
      uid: number,
      gid: number,
      utf8: boolean,
      helperPath: string,
      onExit: (code: number, signal: number) => void,
    ): { fd: number; pid: number; pty: string };
    resize(fd: number, cols: number, rows: number, widthPx: number, heightPx: number): void;
  }
}
