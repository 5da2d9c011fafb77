import { startMock } from '/work/wt/lifecycle/mock/start.ts';
import { contractWithKeys, documentWithKeys, AT_ONCE } from '/work/wt/lifecycle/selftest/support/key-contract.ts';
import { readTarget } from '/work/wt/lifecycle/src/config/read-target.ts';
import { askKeys } from '/work/wt/lifecycle/src/run/keys/ask-keys.ts';
import { judgeKeys } from '/work/wt/lifecycle/src/judging/keys/judge-keys.ts';
import { keyRules } from '/work/wt/lifecycle/tests/catalogue/keys-over-time.ts';
import { complaintLines } from '/work/wt/lifecycle/selftest/support/complaints.ts';
import { allDefects, lifecycleDefectIds } from '/work/wt/lifecycle/mock/defects/index.ts';
import { variants } from '/work/wt/lifecycle/mock/variants/index.ts';
import { lifecycle as lv } from '/work/wt/lifecycle/mock/variants/lifecycle.ts';
const LATER = { revokedWithin: 30, overlap: 60, scopeChangeWithin: 30, expiresWithin: 30, lastUsedWithin: 60 };
const contract = await contractWithKeys('/tmp/keys/openapi.json');
const later = await contractWithKeys('/tmp/keys-later/openapi.json', LATER as never);
async function one(name: string, opt: object, c = contract, promises: never = AT_ONCE as never) {
  const t0 = performance.now();
  let time = Date.parse('2026-11-29T12:00:00.500Z');
  const clock = { now: () => time, wait: async (ms: number) => void (time += ms) };
  const document = await documentWithKeys(promises);
  const mock = await startMock({ document, name: c.id, clock, ...opt } as never);
  try {
    const target = readTarget(c, { ...mock.settings('sandbox') });
    const found = await askKeys(c, target, { clock, journalFolder: '/tmp/keys-journal', tries: 1, backoff: 1 });
    const cells = judgeKeys(keyRules, found.observations, c);
    console.log('##', name, Math.round(performance.now() - t0), 'ms', found.timeline.requests, 'requests', found.timeline.seconds, 's skew', found.timeline.clockSkew, found.leftovers);
    for (const line of complaintLines(cells, c)) console.log('   ', line);
    if (process.argv.includes('-v') || name === process.argv[2]) for (const cell of cells) console.log('  ', cell.rule, cell.level, cell.operation, cell.outcome, cell.reason ?? '', cell.cases.map((x) => x.case + ':' + x.outcome + (x.reason ? ' ' + x.reason : '') + x.unmet.map((u) => ` [${u.expected} | ${u.actual}]`)).join('; '));
  } finally { await mock.close(); }
}
const only = process.argv[2];
if (!only || only === 'sound') await one('sound', {});
for (const id of lifecycleDefectIds) if (!only || only === id) await one(id, { defect: { id } });
for (const id of Object.keys(lv)) if (!only || only === id) await one(id, { variant: id }, later, LATER as never);
