import { judgeMock, contractFor, operationsFor, variablesFor } from './selftest/support/harness.ts';
for (const id of ['connection-remembers-key','cache-ignores-key','cache-ignores-every-key','forbidden-hidden-as-cacheable-404','not-found-cacheable'] as const){
  const seen=new Map<string,number>();
  for(let i=0;i<20;i++){ const contract=await contractFor(id); const {cells}=await judgeMock({contract,defect:{id},operations:operationsFor(id),variables:variablesFor(id)});
    const k=JSON.stringify(cells.map(c=>[c.rule,c.operation,c.outcome,c.cases.map(x=>[x.case,x.outcome])])); seen.set(k,(seen.get(k)??0)+1);}
  console.log(id,[...seen.values()]);
}
