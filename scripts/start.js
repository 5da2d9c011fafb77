import { resolve } from 'node:path';
import process from 'node:process';
import { load } from './built.js';

/*
 * Starts a module of the project, which sees its arguments as if Node had started it:
 *   node scripts/start.js MODULE [ARGUMENT …]
 */
const [node = '', , module = '', ...args] = process.argv;
const path = resolve(module);
process.argv = [node, path, ...args];
await load(path);
