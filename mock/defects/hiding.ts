import { header } from '../server/request.ts';
import type { MockRequest } from '../types/request.ts';
import type { DefectGroup } from './defect.ts';
import { isPlain, plainly } from './path-readings.ts';

/** What is there for those who have a key and not for others, though the contract promises them 401. */
export const hiding = {
  'other-spellings-hidden-without-key': {
    bug: 'R10',
    title: 'any spelling of a path leads to the operation, and to 404 for those who send no key',
    patch: (sound) => ({
      matchRoute: (request) => sound.matchRoute(isPlain(request) ? request : { ...request, path: plainly(request) }),
      refuse: (request, refusal) =>
        sound.refuse(
          request,
          refusal.reason === 'missingKey' && !isPlain(request) ? { reason: 'unknownPath' } : refusal,
        ),
    }),
    complaints: [
      'strange-path: trailing-slash double-slash-in-front double-slash-inside matrix-parameter encoded-letter twice-encoded-letter dot-segment parent-segment encoded-parent-segment parent-segment-with-parameter alias-parent dot-at-the-end encoded-slash backslash upper-case-path json-suffix encoded-space-suffix fragment absolute-form absolute-form-of-another-host encoded-nul-behind encoded-line-break-behind encoded-question-mark-behind encoded-number-sign-behind encoded-semicolon-behind encoded-slash-behind file-suffix file-parameter file-segment encoded-letter-of-the-base upper-case-base way-up-below-the-base encoded-way-up-below-the-base parameter-way-up-below-the-base public-path-in-query (same-refusal) on safe operations',
      'strange-path: encoded-carriage-return-behind encoded-tab-behind encoded-backslash-behind overlong-slash-behind encoded-line-break-before encoded-slash-before encoded-carriage-return-before encoded-tab-before encoded-backslash-before overlong-slash-before path-behind-question-mark path-behind-question-mark-of-a-file file-icon file-nul file-slash half-encoded-way-up twice-encoded-way-up way-up-from-public way-up-from-static way-up-from-login way-up-from-docs way-up-from-wellknown way-up-from-public-below-the-base way-up-from-static-below-the-base way-up-from-login-below-the-base way-up-from-docs-below-the-base way-up-from-wellknown-below-the-base (same-refusal)',
    ],
  },
  'gateway-requests-hidden-without-key': {
    bug: 'R10',
    title: 'headers of a gateway turn the refusal of a missing key into a 404',
    patch: (sound) => ({
      refuse: (request, refusal) =>
        sound.refuse(
          request,
          refusal.reason === 'missingKey' && isFromGateway(request) ? { reason: 'unknownPath' } : refusal,
        ),
    }),
    complaints: [
      'undocumented-credential: key-in-other-headers (refused)',
      'internal-header: rewritten-to-a-public-path prefix-header internal-request-headers (same-refusal) on safe operations',
      'gateway-claim: * but host-localhost host-loopback-address host-with-path host-with-fragment (same-refusal) on safe operations',
    ],
  },
} as const satisfies DefectGroup;

/** Lines that clients send of themselves; every other one is a gateway's, to this server. */
const OF_CLIENTS = new Set([
  ...['host', 'accept', 'user-agent', 'content-type', 'content-length', 'connection', 'authorization', 'x-api-key'],
  ...['cookie', 'transfer-encoding', 'upgrade', 'expect', 'origin'],
]);

/** Carries a line that tells a server behind a gateway something, or comes from a program that asks for a gateway. */
function isFromGateway(request: MockRequest): boolean {
  const agent = header(request, 'user-agent') ?? '';
  const named = (header(request, 'connection') ?? '').split(',').map((name) => name.trim().toLowerCase());
  return (
    request.headers.some(([name]) => !OF_CLIENTS.has(name.toLowerCase())) ||
    /^(?:$|kube-probe\/|ELB-HealthChecker\/)/.test(agent) ||
    named.some((name) => !['', 'close', 'keep-alive', 'upgrade'].includes(name))
  );
}
