/**
 * node-pty comes compiled for glibc. With another C library, as the musl of Alpine Linux, what it has compiled ends the
 * process that loads it, or the programs that it starts.
 */

export interface CLibrary {
  platform: string;
  arch: string;
  exists(path: string): boolean;
  /** Undefined where the C library is not glibc; asked only where there is another, because it takes time. */
  glibcVersion(): string | undefined;
}

/** Where the C library is that is not glibc; systems with glibc may have it as well. */
const MUSL: Readonly<Record<string, string>> = {
  x64: '/lib/ld-musl-x86_64.so.1',
  arm64: '/lib/ld-musl-aarch64.so.1',
};

/** What helps. */
export const MUSL_SUGGESTION =
  'Compile node-pty for it, with python3, make and g++: npm rebuild node-pty --build-from-source; or use an image with glibc, such as node:22-slim.';

/** @param nodePty its directory; asked for only where there is musl, as above @returns why no session can start, undefined where one can */
export function muslProblem(
  { platform, arch, exists, glibcVersion }: CLibrary,
  nodePty: () => string,
): string | undefined {
  const musl = MUSL[arch];
  if (platform !== 'linux' || musl === undefined || !exists(musl)) return undefined;
  const directory = nodePty();
  if (exists(`${directory}/build/Release/pty.node`) || glibcVersion() !== undefined) return undefined;
  return `This system has musl as its C library (${musl}), as Alpine Linux does, and node-pty in ${directory} is compiled for glibc`;
}

/** Of this process. */
export function glibcVersion(): string | undefined {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } };
  return report.header?.glibcVersionRuntime;
}
