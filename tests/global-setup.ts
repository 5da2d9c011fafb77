import { rules } from './rules/index.ts';
import { runContract, runTarget } from './run.ts';

/** Checks every setting before the first request; what it throws is one message. */
export default async function globalSetup(): Promise<void> {
  const contract = await runContract();
  const target = runTarget(contract);
  process.stdout.write(
    `${contract.title} ${contract.version} on ${target.baseUrl} (${target.environment}): ${contract.operations.length} operations × ${rules.length} rules\n`,
  );
}
