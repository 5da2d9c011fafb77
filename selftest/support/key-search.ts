import { readdirSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fromBuffer, type Entry, type ZipFile } from 'yauzl';

/** As many characters of a key's secret part in a row give the key away. */
const PIECE = 8;

const SEPARATOR = Buffer.from('\n');

/** A container inside a container inside a container is deep enough for any report. */
const DEEPEST = 4;

/**
 * Looks for keys the way someone would who has found a report: in the text, in whatever it is spelt, and inside of zip
 * archives, of base64 and of archives in base64. Knows nothing of how the suite takes keys out.
 */
export class KeySearch {
  readonly #pieces = new Set<string>();
  readonly #hashes = new Uint8Array(1 << 20);

  /** @param hidden the secret parts of the keys */
  constructor(hidden: readonly string[]) {
    for (const part of hidden) {
      const bytes = lowerCase(Buffer.from(part));
      for (let start = 0; start + PIECE <= bytes.length; start++) {
        this.#pieces.add(bytes.toString('latin1', start, start + PIECE));
        this.#hashes[hashAt(bytes, start)] = 1;
      }
    }
  }

  /** Every place in a folder that gives a key away, each with the way to it. */
  async findIn(folder: string): Promise<string[]> {
    const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const found = await Promise.all(
      files.map(({ parentPath, name }) => {
        const path = join(parentPath, name);
        return this.find(readFileSync(path), relative(folder, path));
      }),
    );
    return found.flat();
  }

  async find(content: Buffer | string, where = 'text', depth = 0): Promise<string[]> {
    const bytes = typeof content === 'string' ? Buffer.from(content) : content;
    if (isArchive(bytes)) return this.#findInArchive(bytes, where, depth);
    const found: string[] = [];
    found.push(...this.#findInViews(bytes, where));
    const decoded = [...encoded(bytes)];
    for (const archive of decoded.filter(isArchive))
      if (depth < DEEPEST) found.push(...(await this.find(archive, `${where} > base64`, depth + 1)));
    const joined = Buffer.concat(decoded.filter((inner) => !isArchive(inner)).flatMap((inner) => [inner, SEPARATOR]));
    return [...found, ...this.#findInViews(joined, `${where}: encoded`)];
  }

  async #findInArchive(bytes: Buffer, where: string, depth: number): Promise<string[]> {
    const found: string[] = [];
    for (const { name, content } of await unzipped(bytes)) {
      found.push(...(await this.find(name, `${where} > names`, depth + 1)));
      found.push(...(await this.find(content, `${where} > ${name}`, depth + 1)));
    }
    return found;
  }

  #findInViews(bytes: Buffer, where: string): string[] {
    return views(bytes).flatMap(([view, text]) => {
      const at = this.#indexIn(text);
      return at < 0 ? [] : [`${where}: ${view}: …${text.toString('latin1', Math.max(0, at - 20), at + 30)}…`];
    });
  }

  #indexIn(text: Buffer): number {
    const bytes = lowerCase(text);
    for (let start = 0; start + PIECE <= bytes.length; start++) {
      if (this.#hashes[hashAt(bytes, start)] === 0) continue;
      if (this.#pieces.has(bytes.toString('latin1', start, start + PIECE))) return start;
    }
    return -1;
  }
}

function isArchive(bytes: Buffer): boolean {
  return bytes.subarray(0, 4).toString('latin1') === 'PK\x03\x04';
}

/** A text as it is and as other readers see it. */
function views(bytes: Buffer): [string, Buffer][] {
  const text = bytes.toString('utf8');
  const byOthers: [string, string][] = [
    ['percent-encoded', text.replace(/%(?:25)*([0-9a-f]{2})/gi, (_, code: string) => letter(code))],
    [
      'escaped for JSON',
      text.replace(/\\+(?:u00|x)([0-9a-f]{2})/gi, (_, code: string) => letter(code)).replace(/\\+(?=[^a-z])/gi, ''),
    ],
    [
      'escaped for HTML',
      text
        .replace(/&#x0*([0-9a-f]{2});/gi, (_, code: string) => letter(code))
        .replace(/&#0*(\d{2,3});/g, (_, code: string) => String.fromCharCode(Number(code)))
        .replace(/&lt;/g, '<')
        .replace(/&gt;/g, '>')
        .replace(/&quot;/g, '"')
        .replace(/&apos;/g, "'")
        .replace(/&amp;/g, '&'),
    ],
    ['full-width', text.normalize('NFKC')],
    ['full-width bytes', Buffer.from(text, 'latin1').toString('utf8').normalize('NFKC')],
  ];
  const others = byOthers.filter(([, other]) => other !== text);
  return [['plain', bytes], ...others.map(([view, other]): [string, Buffer] => [view, Buffer.from(other, 'latin1')])];
}

/** What base64 and hexadecimal in a text decode to, wherever in its group the first character stands. */
function* encoded(bytes: Buffer): Generator<Buffer> {
  const text = bytes.toString('latin1');
  for (const [run] of text.matchAll(/[\w+/-]{12,}/g)) {
    for (let offset = 0; offset < 4; offset++) yield Buffer.from(run.slice(offset), 'base64');
  }
  for (const [run] of text.matchAll(/[0-9a-f]{16,}/gi)) {
    for (let offset = 0; offset < 2; offset++) yield Buffer.from(run.slice(offset), 'hex');
  }
}

function letter(code: string): string {
  return String.fromCharCode(Number.parseInt(code, 16));
}

function lowerCase(bytes: Buffer): Buffer {
  const lower = Buffer.from(bytes);
  for (let index = 0; index < lower.length; index++) {
    const byte = lower[index] ?? 0;
    if (byte >= 0x41 && byte <= 0x5a) lower[index] = byte + 0x20;
  }
  return lower;
}

function hashAt(bytes: Buffer, start: number): number {
  return bytes.readUInt32LE(start) % ((1 << 20) - 3);
}

export interface Unzipped {
  readonly name: string;
  readonly content: Buffer;
}

/** What is in a zip archive. */
export async function unzipped(bytes: Buffer): Promise<Unzipped[]> {
  const archive = await new Promise<ZipFile>((resolve, reject) => {
    fromBuffer(bytes, { lazyEntries: true }, (error, opened) => (error ? reject(error) : resolve(opened)));
  });
  const entries: Unzipped[] = [];
  await new Promise<void>((resolve, reject) => {
    archive.on('error', reject).on('end', resolve);
    archive.on('entry', (entry: Entry) => {
      archive.openReadStream(entry, (error, stream) => {
        if (error) {
          reject(error);
          return;
        }
        const chunks: Buffer[] = [];
        stream.on('data', (chunk: Buffer) => chunks.push(chunk)).on('error', reject);
        stream.on('end', () => {
          entries.push({ name: entry.fileName, content: Buffer.concat(chunks) });
          archive.readEntry();
        });
      });
    });
    archive.readEntry();
  });
  return entries;
}
