import { type DefectId, defectIds, defects } from '../../mock/defects/index.ts';
import { casesGiven } from '../../src/judging/rule.ts';
import type { Contract } from '../../src/model/contract.ts';
import type { ShownDefect, Worth } from '../../src/requests/budget.ts';
import { NO_KEY_CASE } from '../../src/requests/case.ts';
import { isDocumented } from '../../src/run/budget-candidates.ts';
import { cases, crossOperationRules, rules } from '../../tests/catalogue/index.ts';

/** What draws a complaint of a defect: cases, or `case@` for those that present their key in another way. */
interface Kill {
  readonly defect: DefectId;
  readonly units: ReadonlySet<string>;
  readonly isDocumented: boolean;
}

/** So many cases that show a defect are enough to know: one of them is sent early. */
const ENOUGH = 12;

/**
 * Which cases show which defect, by the complaints that the entries of the defects have.
 *
 * @param contract says which rules are about documented promises
 */
export function measuredWorth(contract: Contract): Worth {
  const kills = defectIds.map((id) => killOf(id, contract)).filter(({ units }) => units.size > 0);
  const counts = new Map<string, number>();
  for (const unit of kills.flatMap(({ units }) => [...units])) counts.set(unit, (counts.get(unit) ?? 0) + 1);
  return {
    measured: cases.map(({ id }) => id).toSorted(),
    defects: kills.map(({ units, isDocumented: documented }): ShownDefect => ({
      ...(documented && { documented }),
      by: [...units].toSorted((one, other) => (counts.get(other) ?? 0) - (counts.get(one) ?? 0)).slice(0, ENOUGH),
    })),
  };
}

/** Both ways in which a case may be sent: in the primary security alternative, and in another one. */
const formsOf = (id: string): string[] =>
  cases.some((one) => one.id === id && one.alternatives !== undefined) ? [id, `${id}@`] : [id];

const byId = new Map([...rules, ...crossOperationRules].map((rule) => [rule.id, rule]));

function killOf(defect: DefectId, contract: Contract): Kill {
  const complaints = defects[defect].complaints.map((line) => {
    const [, id = '', names = ''] = /^([^:]+): (.*?) \(/.exec(line) ?? [];
    const rule = byId.get(id);
    if (!rule) throw new Error(`${defect}: there is no rule ${id}`);
    return { rule, units: unitsOf(names, 'every' in rule.given ? undefined : casesGiven(rule).map((one) => one.id)) };
  });
  return {
    defect,
    units: new Set(complaints.flatMap(({ units }) => units)),
    isDocumented: complaints.some(({ rule }) => 'verify' in rule && isDocumented(rule, contract)),
  };
}

/**
 * The cases that a line of complaints names.
 *
 * @param all that the rule judges; absent: it judges whatever was responded, of which the simplest refusal is an example
 */
function unitsOf(names: string, all: readonly string[] = [NO_KEY_CASE]): string[] {
  if (names === '*') return all.flatMap(formsOf);
  if (names.startsWith('* but ')) {
    const others = new Set(unitsOf(names.slice('* but '.length), all));
    return all.flatMap(formsOf).filter((unit) => !others.has(unit));
  }
  return names.split(' ').flatMap((name) => {
    const [id = '', form] = name.split('@');
    if (form === undefined) return [id];
    return form === '*' ? [id, `${id}@`] : [`${id}@`];
  });
}

/** The module of the catalogue that holds it. */
export function worthModule({ measured, defects: shown }: Worth): string {
  const lines = shown.map(({ by, documented }) => {
    const words = by.map((unit) => `'${unit}'`).join(', ');
    return `    { ${documented ? 'documented: true, ' : ''}by: [${words}] },`;
  });
  return `import type { Worth } from '../../src/requests/budget.ts';

/**
 * Which cases show the defects of the mock, one defect an entry, in the order of mock/defects. Written by \`npm run docs\` from
 * the complaints that are there. A budget is spent by it.
 */
export const worth: Worth = {
  measured: [${measured.map((id) => `'${id}'`).join(', ')}],
  defects: [
${lines.join('\n')}
  ],
};
`;
}
