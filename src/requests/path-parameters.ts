import type { Operation } from '../model/contract.ts';

/** The names of the parameters in the path, in the order in which they stand there. */
export function pathParameterNames({ parameters, path }: Pick<Operation, 'parameters' | 'path'>): readonly string[] {
  return parameters
    .filter((one) => one.in === 'path' && path.includes(`{${one.name}}`))
    .map(({ name }) => name)
    .toSorted((one, other) => path.indexOf(`{${one}}`) - path.indexOf(`{${other}}`));
}

/** What a user writes to give path values: `identifier=…;id=…`, each name once, in the form of the setting. */
export function formOfPathValues(names: Iterable<string>): string {
  return [...new Set(names)].map((name) => `${name}=…`).join(';');
}
