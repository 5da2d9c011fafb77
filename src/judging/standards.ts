import type { Requirement } from './asvs.ts';

/** Weaknesses of the Common Weakness Enumeration that rules look for, each with its name there (https://cwe.mitre.org). */
export const WEAKNESSES = {
  177: 'Improper Handling of URL Encoding (Hex Encoding)',
  178: 'Improper Handling of Case Sensitivity',
  187: 'Partial String Comparison',
  200: 'Exposure of Sensitive Information to an Unauthorized Actor',
  204: 'Observable Response Discrepancy',
  209: 'Generation of Error Message Containing Sensitive Information',
  269: 'Improper Privilege Management',
  287: 'Improper Authentication',
  288: 'Authentication Bypass Using an Alternate Path or Channel',
  290: 'Authentication Bypass by Spoofing',
  291: 'Reliance on IP Address for Authentication',
  304: 'Missing Critical Step in Authentication',
  306: 'Missing Authentication for Critical Function',
  319: 'Cleartext Transmission of Sensitive Information',
  326: 'Inadequate Encryption Strength',
  348: 'Use of Less Trusted Source',
  349: 'Acceptance of Extraneous Untrusted Data With Trusted Data',
  425: "Direct Request ('Forced Browsing')",
  436: 'Interpretation Conflict',
  444: "Inconsistent Interpretation of HTTP Requests ('HTTP Request/Response Smuggling')",
  488: 'Exposure of Data Element to Wrong Session',
  497: 'Exposure of Sensitive System Information to an Unauthorized Control Sphere',
  522: 'Insufficiently Protected Credentials',
  523: 'Unprotected Transport of Credentials',
  524: 'Use of Cache Containing Sensitive Information',
  525: 'Use of Web Browser Cache Containing Sensitive Information',
  598: 'Use of GET Request Method With Sensitive Query Strings',
  613: 'Insufficient Session Expiration',
  636: "Not Failing Securely ('Failing Open')",
  639: 'Authorization Bypass Through User-Controlled Key',
  647: 'Use of Non-Canonical URL Paths for Authorization Decisions',
  650: 'Trusting HTTP Permission Methods on the Server Side',
  672: 'Operation on a Resource after Expiration or Release',
  696: 'Incorrect Behavior Order',
  778: 'Insufficient Logging',
  836: 'Use of Password Hash Instead of Password for Authentication',
  862: 'Missing Authorization',
  863: 'Incorrect Authorization',
  942: 'Permissive Cross-domain Policy with Untrusted Domains',
  943: 'Improper Neutralization of Special Elements in Data Query Logic',
} as const;

export type Weakness = keyof typeof WEAKNESSES;

/** The OWASP API Security Top 10 of 2023 (https://owasp.org/API-Security/editions/2023/en/0x11-t10/). */
export const API_RISKS = {
  API1: 'Broken Object Level Authorization',
  API2: 'Broken Authentication',
  API3: 'Broken Object Property Level Authorization',
  API4: 'Unrestricted Resource Consumption',
  API5: 'Broken Function Level Authorization',
  API6: 'Unrestricted Access to Sensitive Business Flows',
  API7: 'Server Side Request Forgery',
  API8: 'Security Misconfiguration',
  API9: 'Improper Inventory Management',
  API10: 'Unsafe Consumption of APIs',
} as const;

export type ApiRisk = keyof typeof API_RISKS;

/**
 * What someone gains where a rule is broken. The score is what code scanning reads as `security-severity`: above 9.0 is
 * critical, from 7.0 high, from 4.0 medium, from 0.1 low.
 */
export const SEVERITIES = {
  critical: { score: '9.5', gain: 'whoever has no valid key gets in' },
  high: {
    score: '8.0',
    gain: 'whoever has a key, or had one, gets in where it opens nothing, or reads the key of others',
  },
  medium: { score: '5.5', gain: 'nothing by itself: a defence is missing, or others are locked out' },
  low: { score: '2.5', gain: 'strangers learn something, or two servers read one request in two ways' },
  none: { score: undefined, gain: 'nobody gains anything, but clients that rely on the contract fail' },
} as const;

export type Severity = keyof typeof SEVERITIES;

/** Which public standards speak of what a rule looks for. An empty list: none does. */
export interface Standards {
  readonly cwe: readonly Weakness[];
  readonly owaspApi: readonly ApiRisk[];
  readonly asvs: readonly Requirement[];
  readonly severity: Severity;
}

export const cweUrl = (weakness: number): string => `https://cwe.mitre.org/data/definitions/${weakness}.html`;
