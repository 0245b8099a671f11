/** Reads a GIF (GIF89a specification): every frame as it is shown, with what the frames before it left there. */

export interface Gif {
  width: number;
  height: number;
  repeats: boolean;
  frames: { delayMs: number; rgb: Uint8Array }[];
}

export function decodeGif(bytes: Buffer): Gif {
  if (bytes.toString('latin1', 0, 6) !== 'GIF89a') throw new Error('no GIF');
  const [width, height] = [bytes.readUInt16LE(6), bytes.readUInt16LE(8)];
  const packed = bytes[10] as number;
  const colors = 2 << (packed & 7);
  const palette = bytes.subarray(13, 13 + colors * 3);
  const canvas = new Uint8Array(width * height * 3);
  const gif: Gif = { width, height, repeats: false, frames: [] };
  let control = { delayMs: 0, transparent: -1 };
  let at = 13 + ((packed & 0x80) === 0 ? 0 : colors * 3);
  const blocks = (): Buffer => {
    const parts: Buffer[] = [];
    for (let length = bytes[at++] as number; length > 0; length = bytes[at++] as number) {
      parts.push(bytes.subarray(at, at + length));
      at += length;
    }
    return Buffer.concat(parts);
  };
  for (;;) {
    const kind = bytes[at++];
    if (kind === 0x3b) return gif;
    if (kind === 0x21) {
      const label = bytes[at++];
      const data = blocks();
      if (label === 0xff) gif.repeats = data.toString('latin1', 0, 11) === 'NETSCAPE2.0';
      if (label === 0xf9)
        control = {
          delayMs: data.readUInt16LE(1) * 10,
          transparent: ((data[0] as number) & 1) === 1 ? (data[3] as number) : -1,
        };
      continue;
    }
    if (kind !== 0x2c) throw new Error(`no block: ${kind}`);
    if (((bytes[at + 8] as number) & 0x80) !== 0) throw new Error('a palette of its own');
    at += 9;
    const depth = bytes[at++] as number;
    const indexes = unpack(blocks(), depth, width * height);
    indexes.forEach((index, pixel) => {
      if (index !== control.transparent) canvas.set(palette.subarray(index * 3, index * 3 + 3), pixel * 3);
    });
    gif.frames.push({ delayMs: control.delayMs, rgb: canvas.slice() });
  }
}

/** LZW with codes of growing length. */
function unpack(data: Buffer, depth: number, count: number): Uint8Array {
  const clear = 1 << depth;
  const pixels = new Uint8Array(count);
  let filled = 0;
  let table: number[][] = [];
  let before: number[] | undefined;
  let bits = depth + 1;
  let position = 0;
  const reset = () => {
    table = Array.from({ length: clear + 2 }, (_, index) => [index]);
    bits = depth + 1;
    before = undefined;
  };
  reset();
  while (position + bits <= data.length * 8) {
    let code = 0;
    for (let bit = 0; bit < bits; bit++, position++)
      code |= (((data[position >> 3] as number) >> (position & 7)) & 1) << bit;
    if (code === clear) {
      reset();
      continue;
    }
    if (code === clear + 1) break;
    const first = before?.[0] ?? 0;
    const entry: number[] = table[code] ?? [...(before ?? []), first];
    if (before !== undefined && table.length < 4096) table.push([...before, entry[0] as number]);
    if (table.length === 1 << bits && bits < 12) bits += 1;
    pixels.set(entry.slice(0, count - filled), filled);
    filled += entry.length;
    before = entry;
  }
  if (filled < count) throw new Error(`${filled} of ${count} pixels`);
  return pixels;
}
