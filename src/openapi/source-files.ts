import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { dirname, join, relative, resolve, sep } from 'node:path';
import { BOUNDS } from './bounds.ts';
import { ContractError } from './contract-error.ts';
import { realPath, reasonOutside, textOfFile, UnreadableFile } from './document-file.ts';
import { decoded, isObject } from './json-pointer.ts';
import { OVERLAY_FILE, type Overlaid, overlaid, OverlayProblem, placeInOverlay } from './overlay.ts';
import { inWords, type Position } from './position.ts';
import { parseSource, type Source, SourceProblem } from './parse-source.ts';
import { referencesIn } from './reference-places.ts';

/** Something that the document says wrongly and that is left out, so that the rest can be judged. */
export interface Remark extends Position {
  /** Path of the file, as it is displayed. */
  readonly file: string;
  /** One sentence without its end: what is wrong, and what to do. */
  readonly sentence: string;
}

interface Overlay {
  readonly file: string;
  readonly source: Source;
  readonly all: readonly Overlaid[];
  /** As it was before. */
  readonly document: unknown;
}

/** A file that a contract is made of. */
export interface ReadFile {
  readonly value: unknown;
  /** The file that a reference in it leads to, by what stands before the `#`; the document itself is the first. */
  readonly indexOf: (reference: string) => number | undefined;
}

/** The files that a contract consists of, read before anything else sees them, so that messages name a file and a line. */
export class SourceFiles {
  /** As the user named it. */
  readonly #entry: string;
  /** By path without symbolic links, the document first. */
  readonly #files = new Map<string, Source>();
  /** Where paths lead to, by the path that a reference makes. */
  readonly #real = new Map<string, string>();
  readonly #remarks: Remark[] = [];
  #overlay: Overlay | undefined;

  private constructor(entry: string) {
    this.#entry = entry;
  }

  /**
   * Reads the document and every file that it refers to, directly or through others.
   *
   * @param folder that the document has to be in, whatever links lead there; absent: the one that it is in
   * @throws ContractError
   */
  static async read(entry: string, folder?: string): Promise<SourceFiles> {
    const sources = new SourceFiles(resolve(entry));
    await sources.#readAll(folder);
    return sources;
  }

  /** Path of the document, from the project, with slashes on every system. */
  get file(): string {
    return displayPath(this.#entry);
  }

  /** Of every file, the document's first. */
  get files(): string[] {
    const [document = '', ...others] = [...this.#files.keys()].map((path) => this.#shown(path));
    return [document, ...(this.#overlay ? [this.#overlay.file] : []), ...others];
  }

  /** The overlay beside the document, as it is displayed; undefined: there is none. */
  get overlayFile(): string | undefined {
    return this.#overlay?.file;
  }

  /** The document as it is written, its references unresolved. */
  get value(): unknown {
    return this.#document?.value;
  }

  /** Every file, the document first. */
  get read(): readonly ReadFile[] {
    const paths = [...this.#files.keys()];
    return [...this.#files].map(([path, { value }]) => ({
      value,
      indexOf: (reference) => {
        if (reference === '') return paths.indexOf(path);
        if (reference === this.#self) return 0;
        const index = paths.indexOf(this.#real.get(pathOf(path, reference)) ?? '');
        return index < 0 ? undefined : index;
      },
    }));
  }

  /** What is left out, in the order in which it was found. */
  get remarks(): readonly Remark[] {
    return this.#remarks;
  }

  /** The same on every machine: files come in the order of reference, named from the document's folder, with `\n` only. */
  get sha256(): string {
    const hash = createHash('sha256');
    const folder = dirname([...this.#files.keys()][0] ?? '');
    for (const [path, { text }] of this.#files) {
      const content = text.replaceAll('\r\n', '\n');
      hash.update(`${posix(relative(folder, path))}\0${Buffer.byteLength(content)}\0${content}`);
    }
    if (this.#overlay) hash.update(`overlay\0${this.#overlay.source.text.replaceAll('\r\n', '\n')}`);
    return hash.digest('hex');
  }

  /** Of the member that the tokens lead to in the document; where a `$ref` interrupts the way, of the last member on it. */
  positionOf(tokens: readonly string[]): Position {
    const [first, second, ...more] = tokens;
    // Swagger 2.0 has the schemes elsewhere.
    const isMoved =
      first === 'components' && second === 'securitySchemes' && isObject(this.value) && 'swagger' in this.value;
    return this.#document?.positionOf(isMoved ? ['securityDefinitions', ...more] : tokens) ?? { line: 1 };
  }

  /** `specs/example/openapi.yaml:12`, for the beginning of a message. */
  locationOf(tokens: readonly string[]): string {
    const { file, ...position } = this.placeOf(tokens);
    return `${file}:${inWords(position)}`;
  }

  /** File and position of a member of the document, which may stand in the overlay. */
  placeOf(tokens: readonly string[]): { readonly file: string } & Position {
    const overlay = this.#overlay;
    const place = overlay && placeInOverlay(overlay.all, overlay.document, tokens);
    return overlay && place
      ? { file: overlay.file, ...overlay.source.positionOf(place) }
      : { file: this.file, ...this.positionOf(tokens) };
  }

  /** @param index of the file that the tokens lead into */
  note(sentence: string, tokens: readonly string[], index = 0): void {
    const [path, source] = [...this.#files][index] ?? [];
    if (path === undefined || !source) return;
    const place = index === 0 ? this.placeOf(tokens) : { file: this.#shown(path), ...source.positionOf(tokens) };
    this.#remarks.push({ ...place, sentence });
  }

  /** OpenAPI 3.2: the address that the document has by itself. */
  get #self(): unknown {
    return isObject(this.value) ? this.value['$self'] : undefined;
  }

  get #document(): Source | undefined {
    return [...this.#files.values()][0];
  }

  #shown(path: string): string {
    return this.#files.keys().next().value === path ? this.file : displayPath(path);
  }

  async #readAll(within: string | undefined): Promise<void> {
    const entry = await orSentence(this.file, this.file, () => realPath(this.#entry));
    const folder = within === undefined ? dirname(entry) : await realPath(within);
    if (within !== undefined && reasonOutside(entry, folder) !== undefined)
      throw new ContractError(this.file, 'this is a link to another folder', 'put the document itself there');
    this.#files.set(entry, await sourceOf(entry, this.file, this.file, true));
    await this.#putOver(entry, folder);
    let bytes = 0;
    for (const [path, source] of this.#files) {
      bytes += source.text.length;
      for (const { reference, tokens } of referencesIn(source.value)) {
        const [file = ''] = reference.split('#');
        if (file === '' || file === this.#self) continue;
        const referrer = `${this.#shown(path)}:${inWords(source.positionOf(tokens))}`;
        const real = await this.#found(path, file, reference, referrer, folder);
        if (this.#files.has(real)) continue;
        if (this.#files.size >= BOUNDS.files || bytes > BOUNDS.bytesOfJson) {
          const problem = `the document has more than ${BOUNDS.files} files or ${BOUNDS.bytesOfJson / 1_000_000} MB`;
          throw new ContractError(referrer, problem, 'leave out what has nothing to do with the operations to judge');
        }
        // The loop goes on with what is added here.
        this.#files.set(real, await sourceOf(real, displayPath(real), referrer, false));
      }
    }
  }

  /** Carries out what the overlay beside the document says, before anything looks at the document. */
  async #putOver(entry: string, folder: string): Promise<void> {
    const path = join(dirname(entry), OVERLAY_FILE);
    const source = this.#files.get(entry);
    if (!existsSync(path) || !source || path === entry) return;
    const file = posix(join(dirname(this.file), OVERLAY_FILE));
    const real = await orSentence(file, file, () => realPath(path));
    if (reasonOutside(real, folder) !== undefined)
      throw new ContractError(file, 'this is a link to another folder', 'put the overlay itself there');
    const overlay = await sourceOf(real, file, file, true);
    try {
      const { document, all, idle } = overlaid(source.value, overlay.value);
      this.#overlay = { file, source: overlay, all, document: source.value };
      this.#files.set(entry, { ...source, value: document });
      for (const tokens of idle) {
        const sentence = 'the target of this action selects nothing in the document, so it changes nothing: correct it';
        this.#remarks.push({ file, ...overlay.positionOf(tokens), sentence });
      }
    } catch (cause) {
      if (!(cause instanceof OverlayProblem)) throw cause;
      throw new ContractError(
        `${file}:${inWords(overlay.positionOf(cause.tokens))}`,
        cause.message,
        'correct the overlay',
      );
    }
  }

  async #found(path: string, file: string, reference: string, referrer: string, folder: string): Promise<string> {
    if (/^(?:[a-z][a-z0-9+.-]+:|\/\/)/i.test(file)) {
      const remedy = 'put a copy next to the document and refer to that, so that every run reads the same contract';
      throw new ContractError(referrer, `$ref ${reference} is an address and not a file`, remedy);
    }
    const named = pathOf(path, file);
    const shown = displayPath(named);
    const real = await orSentence(shown, `${referrer}, $ref ${reference}`, () => realPath(named));
    this.#real.set(named, real);
    const reason = reasonOutside(real, folder);
    if (reason === undefined) return real;
    const problem = `$ref ${reference} leads to a file that ${reason}`;
    throw new ContractError(referrer, problem, 'put a copy beside the document, or bundle it into one file');
  }
}

function pathOf(from: string, file: string): string {
  return resolve(dirname(from), decoded(file));
}

/** @param isNamed the user named the file: its own text may be quoted to say what is wrong with it */
async function sourceOf(real: string, shown: string, referrer: string, isNamed: boolean): Promise<Source> {
  const text = await orSentence(shown, referrer, () => textOfFile(real));
  try {
    return parseSource(text);
  } catch (cause) {
    if (!(cause instanceof SourceProblem)) throw cause;
    const location = cause.position === undefined ? shown : `${shown}:${inWords(cause.position)}`;
    throw new ContractError(location, isNamed ? cause.message : cause.plain, cause.remedy);
  }
}

async function orSentence<Value>(shown: string, referrer: string, read: () => Promise<Value>): Promise<Value> {
  try {
    return await read();
  } catch (cause) {
    if (!(cause instanceof UnreadableFile)) throw cause;
    throw new ContractError(referrer, `the file ${shown} ${cause.message}`, cause.remedy, cause);
  }
}

/** From the folder that the suite was started in, such as `specs/example/openapi.yaml`. */
function displayPath(path: string): string {
  return posix(relative(process.cwd(), path));
}

function posix(path: string): string {
  return path.split(sep).join('/');
}
