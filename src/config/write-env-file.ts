import { chmodSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { parse } from 'dotenv';
import { ConfigurationError } from './configuration-error.ts';
import { readEnvFile } from './env-file.ts';

/** Only its owner may read it. */
const MODE = 0o600;

/**
 * Adds settings to `.env`, or makes it. What it sets already stays, since nobody asked to lose it.
 *
 * @returns names that it sets already, to another value
 * @throws ConfigurationError where it cannot be read, or a value cannot be written into such a file; without the value
 */
export function addToEnvFile(file: string, settings: Readonly<Record<string, string>>): readonly string[] {
  const { values, problem } = readEnvFile(file);
  if (problem !== undefined) throw new ConfigurationError([problem]);
  const isThere = (name: string): boolean => (values[name] ?? '') !== '';
  const added = Object.entries(settings).filter(([name, value]) => value !== '' && !isThere(name));
  const lines = added.map(([name, value]) => `${lineOf(name, value)}\n`).join('');
  const before = existsSync(file) ? readFileSync(file, 'utf8') : '';
  const gap = before === '' || before.endsWith('\n') ? '' : '\n';
  writeFileSync(file, `${before}${gap}${lines}`, { mode: MODE });
  // The mode above is that of a new file alone.
  chmodSync(file, MODE);
  return Object.entries(settings).flatMap(([name, value]) => (isThere(name) && values[name] !== value ? [name] : []));
}

/** A line that is read as this value and as nothing else. */
function lineOf(name: string, value: string): string {
  const forms = [value, ...["'", '"', '`'].map((quote) => `${quote}${value}${quote}`)];
  const form = forms.find((text) => !/[\r\n]/.test(value) && isRead(`${name}=${text}\n`, name, value));
  if (form !== undefined) return `${name}=${form}`;
  throw new ConfigurationError([`${name} cannot be written into .env: set it in the shell.`]);
}

function isRead(line: string, name: string, value: string): boolean {
  const values = parse(line);
  return Object.keys(values).length === 1 && values[name] === value;
}
