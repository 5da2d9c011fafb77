import { headerOf } from '../document/security.ts';
import type { Behaviour } from '../types/behaviour.ts';
import type { HeaderLine } from '../types/http.ts';
import type { PresentedCredential } from '../types/keys.ts';
import type { MockRequest } from '../types/request.ts';
import type { DefectGroup } from './defect.ts';

/** Which key counts where several are sent. */
export const severalCredentials = {
  'any-of-two-forms-accepted': {
    bug: 'T9',
    title: 'of two keys in two forms whichever is valid counts',
    patch: (sound) => ({
      readCredentials: (request) => {
        const presented = sound.readCredentials(request);
        const valid = presented.find(({ value }) => isValid(request, value, sound));
        return valid ? [valid] : presented;
      },
    }),
    complaints: ['conflicting-credentials: bad-key-and-good-bearer (one-order-at-most)'],
  },
  'form-that-counts-differs': {
    bug: 'T9',
    title: 'of two keys in two forms operations that read take the first, those that write the last',
    patch: (sound) => ({
      readCredentials: (request) => {
        const presented = sound.readCredentials(request).filter(({ value }) => value !== '');
        return request.operation?.isSafe === false ? presented.slice(-1) : presented.slice(0, 1);
      },
    }),
    complaints: ['one-precedence: * (usual-form) on unsafe operations'],
  },
  'permissions-of-two-forms-added-up': {
    bug: 'T10',
    title: 'of two valid keys in two forms the permissions are added up',
    patch: (sound) => ({
      readCredentials: (request) => {
        const presented = sound.readCredentials(request);
        const areValid = presented.every(({ value }) => isValid(request, value, sound));
        return areValid ? presented.slice(0, 1) : presented;
      },
      isPermitted: (request, key, operation) =>
        [key.value, ...sound.readCredentials(request).map(({ value }) => value)].some((value) => {
          const found = sound.lookUp(request, value, sound.environmentOf(request));
          return found !== undefined && sound.isPermitted(request, found, operation);
        }),
    }),
    complaints: ['conflicting-credentials: scoped-and-scoped-out-key (one-order-at-most)'],
  },
  'first-line-counts': {
    bug: 'T11',
    title: 'of a header that is repeated the first line counts',
    patch: (sound) => ({
      readCredentials: (request) => sound.readCredentials(withLines(request, (lines) => lines.slice(0, 1))),
    }),
    complaints: ['repeated-credential: good-line-then-bad-line (refused)'],
  },
  'last-line-counts': {
    bug: 'T11',
    title: 'of a header that is repeated the last line counts',
    patch: (sound) => ({
      readCredentials: (request) => sound.readCredentials(withLines(request, (lines) => lines.slice(-1))),
    }),
    complaints: ['repeated-credential: bad-line-then-good-line (refused)'],
  },
  'any-line-counts': {
    bug: 'T11',
    title: 'of a header that is repeated whichever line is valid counts',
    patch: (sound) => ({ readCredentials: (request) => anyOf(request, sound, (lines) => lines) }),
    complaints: ['repeated-credential: bad-line-then-good-line good-line-then-bad-line (refused)'],
  },
  'first-in-list-counts': {
    bug: 'T12',
    title: 'of several keys in one line the one before the first comma counts',
    patch: (sound) => ({
      readCredentials: (request) =>
        sound.readCredentials(withLines(request, (lines) => lines.map((line) => listed(line)[0] ?? line))),
    }),
    complaints: ['decorated-key: comma-behind (refused)', 'repeated-credential: good-comma-bad (refused)'],
  },
  'any-in-list-counts': {
    bug: 'T12',
    title: 'of several keys in one line whichever is valid counts',
    patch: (sound) => ({ readCredentials: (request) => anyOf(request, sound, (lines) => lines.flatMap(listed)) }),
    complaints: ['decorated-key: comma-behind (refused)', 'repeated-credential: * (refused)'],
  },
} as const satisfies DefectGroup;

function isValid(request: MockRequest, value: string, sound: Behaviour): boolean {
  const key = value === '' ? undefined : sound.lookUp(request, value, sound.environmentOf(request));
  return key !== undefined && sound.isActive(request, key);
}

/** The request as it would be with other lines for each header that carries a key. */
function withLines(request: MockRequest, choose: (lines: readonly HeaderLine[]) => readonly HeaderLine[]): MockRequest {
  const names = request.state.api.acceptedSchemes.flatMap((scheme) => headerOf(scheme)?.toLowerCase() ?? []);
  const others = request.headers.filter(([name]) => !names.includes(name.toLowerCase()));
  const chosen = names.map((own) => choose(request.headers.filter(([name]) => name.toLowerCase() === own)));
  return { ...request, headers: [...others, ...chosen.flat()] };
}

function anyOf(
  request: MockRequest,
  sound: Behaviour,
  split: (lines: readonly HeaderLine[]) => readonly HeaderLine[],
): readonly PresentedCredential[] {
  const isGood = (line: HeaderLine): boolean =>
    sound.readCredentials({ ...request, headers: [line] }).some(({ value }) => isValid(request, value, sound));
  const chosen = withLines(request, (lines) => {
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
