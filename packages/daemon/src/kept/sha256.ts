/**
 * SHA-256, for a name of a directory that every daemon needs as it starts. node:crypto has it too, but its loading is a
 * tenth of what Node itself takes to start, and the first command waits for it. FIPS 180-4 has the algorithm.
 */

const BLOCK_BYTES = 64;
const LENGTH_BYTES = 8;
const ROUNDS = 64;

/** The fraction's first 32 bits. */
const fraction = (value: number) => Math.floor((value % 1) * 2 ** 32);

const primes: number[] = [];
for (let number = 2; primes.length < ROUNDS; number++)
  if (primes.every((prime) => number % prime !== 0)) primes.push(number);
const START = primes.slice(0, 8).map((prime) => fraction(Math.sqrt(prime)));
const CONSTANTS = primes.map((prime) => fraction(Math.cbrt(prime)));

const rotated = (word: number, bits: number) => (word >>> bits) | (word << (32 - bits));

/** In hexadecimal. */
export function sha256(text: string): string {
  const bytes = Buffer.from(text);
  const blocks = Math.ceil((bytes.length + 1 + LENGTH_BYTES) / BLOCK_BYTES);
  const padded = Buffer.alloc(blocks * BLOCK_BYTES);
  padded.set(bytes);
  padded[bytes.length] = 0x80;
  padded.writeBigUInt64BE(BigInt(bytes.length) * 8n, padded.length - LENGTH_BYTES);
  const hash = Uint32Array.from(START);
  for (let at = 0; at < padded.length; at += BLOCK_BYTES) addBlock(hash, padded, at);
  return Array.from(hash, (word) => word.toString(16).padStart(8, '0')).join('');
}

function addBlock(hash: Uint32Array, padded: Buffer, at: number): void {
  const words = new Int32Array(ROUNDS);
  const word = (index: number) => words[index] as number;
  for (let index = 0; index < ROUNDS; index++) {
    if (index < 16) {
      words[index] = padded.readInt32BE(at + 4 * index);
      continue;
    }
    const [w15, w2] = [word(index - 15), word(index - 2)];
    const s0 = rotated(w15, 7) ^ rotated(w15, 18) ^ (w15 >>> 3);
    const s1 = rotated(w2, 17) ^ rotated(w2, 19) ^ (w2 >>> 10);
    words[index] = word(index - 16) + s0 + word(index - 7) + s1;
  }
  let [a, b, c, d, e, f, g, h] = hash as unknown as [
    number,
    number,
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  for (let index = 0; index < ROUNDS; index++) {
    const s1 = rotated(e, 6) ^ rotated(e, 11) ^ rotated(e, 25);
    const first = (h + s1 + ((e & f) ^ (~e & g)) + (CONSTANTS[index] as number) + word(index)) | 0;
    const s0 = rotated(a, 2) ^ rotated(a, 13) ^ rotated(a, 22);
    const second = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    [h, g, f, e, d, c, b, a] = [g, f, e, (d + first) | 0, c, b, a, (first + second) | 0];
  }
  for (const [index, value] of [a, b, c, d, e, f, g, h].entries())
    hash[index] = (hash[index] as number) + value;
}
