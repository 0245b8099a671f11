/** What `pilotty serve` shows a person: a link that logs a browser in, and the same for the camera of a phone. */
import { isIP } from 'node:net';
import { networkInterfaces } from 'node:os';
import { type Bitmap2D, generate } from 'lean-qr';

/** Where a QR code ends: a light frame of this many modules, which the standard wants to be four. */
const QUIET_ZONE = 4;

export function linkFor(
  url: string,
  expiresInMs: number,
  addresses: readonly string[] = ownAddresses(),
): string {
  const link = new URL(url);
  // Every address of this machine, which is none that a browser could open.
  if (/^(0\.0\.0\.0|\[::\])$/.test(link.hostname)) link.hostname = addresses[0] ?? 'localhost';
  const code = isOnlyHere(link.hostname) ? '' : `\n${qrCode(link.href)}`;
  return `\nTo log in, within ${lasting(expiresInMs)}: ${link.href}\n${code}`;
}

/** Two modules a character, black on white whatever the colors of the terminal. */
export function qrCode(text: string): string {
  const code: Bitmap2D = generate(text);
  const isDark = (x: number, y: number) => code.get(x, y);
  const lines: string[] = [];
  for (let y = -QUIET_ZONE; y < code.size + QUIET_ZONE; y += 2) {
    let line = '';
    for (let x = -QUIET_ZONE; x < code.size + QUIET_ZONE; x++) {
      line += isDark(x, y) ? (isDark(x, y + 1) ? '█' : '▀') : isDark(x, y + 1) ? '▄' : ' ';
    }
    lines.push(`\x1b[38;2;0;0;0;48;2;255;255;255m${line}\x1b[0m\n`);
  }
  return lines.join('');
}

/** A phone could not open it. */
function isOnlyHere(hostname: string): boolean {
  return (
    hostname === 'localhost' || hostname === '[::1]' || (isIP(hostname) === 4 && hostname.startsWith('127.'))
  );
}

function ownAddresses(): string[] {
  return Object.values(networkInterfaces())
    .flatMap((addresses) => addresses ?? [])
    .filter(({ internal, family }) => !internal && family === 'IPv4')
    .map(({ address }) => address);
}

function lasting(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  return minutes < 120 ? `${minutes} minutes` : `${Math.round(minutes / 60)} hours`;
}
