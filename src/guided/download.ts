import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { GuideError } from './guide-error.ts';

const MOST_BYTES = 32 * 1024 * 1024;
const MOST_REDIRECTS = 5;
/** Milliseconds. */
const TIMEOUT = 30_000;

export function isAddress(text: string): boolean {
  return /^https?:\/\//i.test(text);
}

/** A document of the network as a file, until `remove` is called. */
export interface Download {
  readonly file: string;
  readonly remove: () => void;
}

/**
 * Fetches the document that a person named. What it refers to is not fetched.
 *
 * @throws GuideError
 */
export async function download(address: string): Promise<Download> {
  const remedy = 'save the document as a file, and name that.';
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (!url || !isUsable(url))
    throw new GuideError(`The address of a document begins with https://: correct it, or ${remedy}`);
  const text = await textOf(url).catch((error: unknown) => {
    if (error instanceof GuideError) throw error;
    const { cause = error } = error as Error;
    const { code, name } = cause as NodeJS.ErrnoException;
    throw new GuideError(`The document cannot be fetched (${code ?? name}): correct the address, or ${remedy}`);
  });
  const folder = mkdtempSync(join(tmpdir(), 'auth-conformance-document-'));
  const file = join(folder, `openapi.${/^\s*[{[]/.test(text) ? 'json' : 'yaml'}`);
  writeFileSync(file, text);
  return { file, remove: () => rmSync(folder, { recursive: true, force: true }) };
}

/** Plain HTTP on this machine alone. */
function isUsable({ protocol, hostname }: URL): boolean {
  return protocol === 'https:' || (protocol === 'http:' && /^(?:localhost|127\.0\.0\.1|\[::1\])$/.test(hostname));
}

/** Where the address leads, as long as that is https: too: a stranger's server does not send us into a private network. */
async function responseOf(url: URL, left = MOST_REDIRECTS): Promise<Response> {
  const response = await fetch(url, {
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT),
    headers: { accept: '*/*' },
  });
  const location = response.status >= 300 && response.status < 400 ? response.headers.get('location') : null;
  if (location === null || !URL.canParse(location, url.href)) return response;
  const next = new URL(location, url);
  if (left === 0 || next.protocol !== url.protocol || !isUsable(next))
    throw new GuideError(
      'The address of the document redirects to an address that the suite does not follow: give that address, or save the document as a file.',
    );
  return responseOf(next, left - 1);
}

async function textOf(url: URL): Promise<string> {
  const response = await responseOf(url);
  if (!response.ok) throw new GuideError(`The address of the document responds with ${response.status}: correct it.`);
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of response.body ?? []) {
    const bytes = chunk as Uint8Array;
    size += bytes.length;
    if (size > MOST_BYTES) throw new GuideError('The document is larger than 32 MB: name a smaller one.');
    chunks.push(bytes);
  }
  return Buffer.concat(chunks).toString('utf8');
}
