/** 128 and the signal's number, as shells report it. */
export async function signalExitCode(name: string): Promise<number> {
  // Loaded here, because most commands end by themselves.
  const { constants } = await import('node:os');
  const numbers: Record<string, number> = constants.signals;
  return 128 + (numbers[name] ?? 0);
}
