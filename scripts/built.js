import { createHash, randomUUID } from 'node:crypto';
import {
  accessSync,
  constants,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import process from 'node:process';
import { fileURLToPath, pathToFileURL, URL } from 'node:url';

/*
 * The TypeScript of a clone as JavaScript. Node before 22.18 reads none, and any Node reads a module with all that it
 * imports in less time from one file than from hundreds. What was built is kept until one of its files changes.
 */

const PACKAGES = fileURLToPath(new URL('../node_modules', import.meta.url));

/** What decides how it is built. */
const RECIPE = [fileURLToPath(import.meta.url), join(PACKAGES, 'esbuild/package.json')];

/** Milliseconds after which no process reads what was built before. */
const LONGEST_USE = 24 * 60 * 60 * 1000;

/**
 * What is known of the latest one: its files with what they were, and where it is.
 *
 * @typedef {{ readonly files: readonly (readonly [path: string, stamp: string])[], readonly main: string }} Latest
 */

/**
 * Imports a module of the project: JavaScript as it is, TypeScript as it is built. Where it cannot be built, the process
 * ends with 2 and says why.
 *
 * @param {string} module path
 * @returns {Promise<unknown>} its exports
 */
export async function load(module) {
  let file = resolve(module);
  try {
    if (file.endsWith('.ts')) file = await built(file);
  } catch (error) {
    process.stderr.write(`${/** @type {Error} */ (error).message}\n`);
    process.exit(2);
  }
  return import(pathToFileURL(file).href);
}

/**
 * @param {string} module path of a TypeScript module
 * @returns {Promise<string>} path of what is built of it
 */
async function built(module) {
  const folder = join(builtFolder(), digest(module));
  const list = join(folder, 'latest.json');
  const known = latest(list);
  if (known?.files.every(([path, stamp]) => stampOf(path) === stamp)) return known.main;

  const stamps = new Map(RECIPE.map((path) => [path, stampOf(path)]));
  const name = randomUUID();
  const main = join(folder, name, 'main.mjs');
  const { build, stop } = await import('esbuild');
  await build({
    entryPoints: { main: module },
    outdir: dirname(main),
    outExtension: { '.js': '.mjs' },
    bundle: true,
    // What is imported when it is needed is read when it is needed.
    splitting: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    // For NODE_OPTIONS=--enable-source-maps.
    sourcemap: 'linked',
    logLevel: 'silent',
    plugins: [
      {
        name: 'the place of the source',
        setup: (hooks) =>
          hooks.onLoad({ filter: /\.(?:ts|js|json)$/ }, ({ path }) => {
            // Before it is read: whoever changes it from now on, has it built again.
            stamps.set(path, stampOf(path));
            return { contents: withOwnPlace(readFileSync(path, 'utf8'), path), loader: loaderOf(path) };
          }),
      },
    ],
  });
  // Its process would stay as long as this one.
  await stop();
  const draft = `${list}.${name}`;
  writeFileSync(draft, JSON.stringify({ files: [...stamps], main }));
  renameSync(draft, list);
  forgetOthers(folder, name);
  return main;
}

/**
 * A module finds what lies beside its source, wherever the JavaScript is.
 *
 * @param {string} text
 * @param {string} path
 */
function withOwnPlace(text, path) {
  const place = { url: pathToFileURL(path).href, filename: path, dirname: dirname(path) };
  return text.replace(
    /\bimport\.meta\.(url|filename|dirname)\b/g,
    (/** @type {string} */ _, /** @type {keyof typeof place} */ name) => JSON.stringify(place[name]),
  );
}

/**
 * @param {string} path
 * @returns {'ts' | 'js' | 'json'}
 */
function loaderOf(path) {
  if (path.endsWith('.json')) return 'json';
  return path.endsWith('.ts') ? 'ts' : 'js';
}

/**
 * When a file was changed last, by the clock of the file system: unlike the time of its contents nothing can set it.
 *
 * @param {string} path
 */
function stampOf(path) {
  const { size, ctimeMs } = statSync(path, { throwIfNoEntry: false }) ?? { size: 0, ctimeMs: 0 };
  return `${size} ${ctimeMs}`;
}

/**
 * @param {string} list
 * @returns {Latest | undefined}
 */
function latest(list) {
  try {
    /** @type {unknown} */
    const read = JSON.parse(readFileSync(list, 'utf8'));
    const known = /** @type {Latest} */ (read);
    return existsSync(known.main) ? known : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Removes what was built before, unless a process may still read it.
 *
 * @param {string} folder
 * @param {string} latest
 */
function forgetOthers(folder, latest) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    const { mtimeMs = Date.now() } = statSync(path, { throwIfNoEntry: false }) ?? {};
    if (name !== latest && name !== 'latest.json' && Date.now() - mtimeMs > LONGEST_USE)
      rmSync(path, { recursive: true, force: true });
  }
}

/**
 * Where it is kept: in the clone, or where that is read-only in a folder for temporary files that nobody else writes to.
 *
 * @throws Error where there is neither
 */
function builtFolder() {
  const own = join(PACKAGES, '.cache/auth-conformance');
  if (isWritable(own)) return own;
  // One for each clone, since each has its own packages.
  const other = join(tmpdir(), `auth-conformance-${userInfo().uid}-${digest(PACKAGES)}`);
  if (!isWritable(other) || !isPrivate(other))
    throw new Error(
      `The suite cannot write to ${own}, and ${other} is no folder of its own: let it write to one of them.`,
    );
  // What is built looks for packages from where it is.
  const packages = join(other, 'node_modules');
  try {
    symlinkSync(PACKAGES, packages, 'junction');
  } catch (error) {
    // Another process, or one before, has made it.
    if (!existsSync(packages)) throw error;
  }
  return other;
}

/**
 * Whether a folder is there or can be made, and takes files.
 *
 * @param {string} folder
 */
function isWritable(folder) {
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    accessSync(folder, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/**
 * Whether nobody else can have put anything there.
 *
 * @param {string} folder
 */
function isPrivate(folder) {
  const { uid, mode } = lstatSync(folder);
  // On Windows a user's folder for temporary files is the user's.
  return process.platform === 'win32' || (uid === userInfo().uid && (mode & 0o077) === 0);
}

/** @param {string} path */
function digest(path) {
  return createHash('sha256').update(path).digest('hex').slice(0, 16);
}
