import type { Behaviour, Credential, HeaderLine } from '../behaviour.ts';
import type { Call } from '../call.ts';
import { acceptedSchemes } from '../credentials.ts';
import type { DefectGroup } from './defect.ts';

/** Which key counts where several are sent. */
export const severalCredentials = {
  'any-of-two-forms-accepted': {
    bug: 'T9',
    title: 'of two keys in two forms whichever is valid counts',
    patch: (sound) => ({
      readCredentials: (call) => {
        const presented = sound.readCredentials(call);
        const valid = presented.find(({ value }) => isValid(call, value, sound));
        return valid ? [valid] : presented;
      },
    }),
  },
  'form-that-counts-differs': {
    bug: 'T9',
    title: 'of two keys in two forms operations that read take the first, those that write the last',
    patch: (sound) => ({
      readCredentials: (call) => {
        const presented = sound.readCredentials(call).filter(({ value }) => value !== '');
        return call.operation?.isSafe === false ? presented.slice(-1) : presented.slice(0, 1);
      },
    }),
  },
  'permissions-of-two-forms-added-up': {
    bug: 'T10',
    title: 'of two valid keys in two forms the permissions are added up',
    patch: (sound) => ({
      readCredentials: (call) => {
        const presented = sound.readCredentials(call);
        const areValid = presented.every(({ value }) => isValid(call, value, sound));
        return areValid ? presented.slice(0, 1) : presented;
      },
      admits: (call, key, operation) =>
        [key.value, ...sound.readCredentials(call).map(({ value }) => value)].some((value) => {
          const found = sound.lookUp(call, value, sound.environmentOf(call));
          return found !== undefined && sound.admits(call, found, operation);
        }),
    }),
  },
  'first-line-counts': {
    bug: 'T11',
    title: 'of a header that is repeated the first line counts',
    patch: (sound) => ({
      readCredentials: (call) => sound.readCredentials(withLines(call, (lines) => lines.slice(0, 1))),
    }),
  },
  'last-line-counts': {
    bug: 'T11',
    title: 'of a header that is repeated the last line counts',
    patch: (sound) => ({
      readCredentials: (call) => sound.readCredentials(withLines(call, (lines) => lines.slice(-1))),
    }),
  },
  'any-line-counts': {
    bug: 'T11',
    title: 'of a header that is repeated whichever line is valid counts',
    patch: (sound) => ({ readCredentials: (call) => anyOf(call, sound, (lines) => lines) }),
  },
  'first-in-list-counts': {
    bug: 'T12',
    title: 'of several keys in one line the one before the first comma counts',
    patch: (sound) => ({
      readCredentials: (call) =>
        sound.readCredentials(withLines(call, (lines) => lines.map((line) => listed(line)[0] ?? line))),
    }),
  },
  'any-in-list-counts': {
    bug: 'T12',
    title: 'of several keys in one line whichever is valid counts',
    patch: (sound) => ({ readCredentials: (call) => anyOf(call, sound, (lines) => lines.flatMap(listed)) }),
  },
} as const satisfies DefectGroup;

function isValid(call: Call, value: string, sound: Behaviour): boolean {
  const key = value === '' ? undefined : sound.lookUp(call, value, sound.environmentOf(call));
  return key !== undefined && sound.isAlive(call, key);
}

/** The request as it would be with other lines for each header that carries a key. */
function withLines(call: Call, choose: (lines: readonly HeaderLine[]) => readonly HeaderLine[]): Call {
  const names = acceptedSchemes(call.world.contract).map(({ parameter }) =>
    (parameter ?? 'authorization').toLowerCase(),
  );
  const others = call.headers.filter(([name]) => !names.includes(name.toLowerCase()));
  const chosen = names.map((own) => choose(call.headers.filter(([name]) => name.toLowerCase() === own)));
  return { ...call, headers: [...others, ...chosen.flat()] };
}

function anyOf(
  call: Call,
  sound: Behaviour,
  split: (lines: readonly HeaderLine[]) => readonly HeaderLine[],
): readonly Credential[] {
  const isGood = (line: HeaderLine): boolean =>
    sound.readCredentials({ ...call, headers: [line] }).some(({ value }) => isValid(call, value, sound));
  const chosen = withLines(call, (lines) => {
    const good = split(lines).find(isGood);
    return good ? [good] : lines;
  });
  return sound.readCredentials(chosen);
}

/** What stands before the first key, a scheme, stands before each. */
function listed([name, value]: HeaderLine): readonly HeaderLine[] {
  const [, scheme = '', keys = ''] = /^([A-Za-z]+ +)?(.*)$/s.exec(value) ?? [];
  return keys.split(/[ \t]*,[ \t]*/).map((key) => [name, scheme + key]);
}
