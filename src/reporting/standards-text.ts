import type { ReportedStandards } from './conformance.ts';

/** What standards call that which a rule looks for, in a line: `CWE-306, OWASP API2:2023, ASVS 5.0 8.2.1`. */
export function standardsText({ cwe, owaspApi, asvs }: ReportedStandards): string {
  return [
    ...cwe.map((weakness) => `CWE-${weakness}`),
    ...owaspApi.map((risk) => `OWASP ${risk}:2023`),
    ...asvs.map((requirement) => `ASVS 5.0 ${requirement}`),
  ].join(', ');
}
