import { X509Certificate } from 'node:crypto';
import { accessOf } from '../../src/judging/access.ts';
import { expectAccepted, finding, isSuccess, summary, undecided } from '../../src/judging/expectations.ts';
import type { JudgedExchange, Rule } from '../../src/judging/rule.ts';
import { namingEach } from '../../src/judging/several-names.ts';
import type { Contract, Operation } from '../../src/model/contract.ts';
import type { Finding } from '../../src/model/finding.ts';
import type { HeaderLine, PlannedRequest } from '../../src/model/request.ts';
import {
  isOpenedByCertificate,
  needsCertificate,
  opensWithoutCertificate,
  schemesInUse,
} from '../../src/openapi/security.ts';
import { type ControlledCase, NOTHING_CASE } from '../../src/requests/case.ts';
import { NotSent } from '../../src/requests/not-sent.ts';
import type { RequestBuilder } from '../../src/requests/request-builder.ts';
import { certificateLines } from './names/certificate-lines.ts';
import type { Line } from './names/gateway-lines.ts';
import { opening } from './peculiar.ts';
import { certificateAlone, validKey } from './shared-cases.ts';

/*
 * What is presented in the TLS handshake: a certificate of the client (`mutualTLS`), beside a key or in its place. Only where
 * the settings name one can anything be said.
 */

const OPENAPI: Rule['source'] = {
  standard: 'OpenAPI 3.1, Security Requirement Object',
  url: 'https://spec.openapis.org/oas/v3.1.1.html#security-requirement-object',
};

const keyWithoutCertificate: ControlledCase = {
  id: 'no-certificate',
  kind: 'controlled',
  group: 'transport',
  title: 'the key on a connection that presents no certificate of the client',
  control: validKey,
  reasonNotApplicable: reasonNotBeside,
  request: (builder) => builder.build({ key: builder.fullKey(), certificate: 'none' }),
};

const nothing: ControlledCase = {
  ...alone(NOTHING_CASE, 'neither a certificate of the client nor a key'),
  request: (builder) => withoutCertificate(builder, []),
};

const inResumedSession: ControlledCase = {
  ...keyWithoutCertificate,
  id: 'no-certificate-in-resumed-session',
  title: 'the key in a resumed TLS session in which no certificate of the client was presented',
  request: (builder) => resumed(builder.build({ key: builder.fullKey(), certificate: 'none' })),
};

const nothingInResumedSession: ControlledCase = {
  ...alone('nothing-in-resumed-session', 'no key in a resumed TLS session without a certificate of the client'),
  request: (builder) => resumed(withoutCertificate(builder, [])),
};

/** Twice the same, the second time on a connection that resumes the session of the first one. */
function resumed(request: PlannedRequest): PlannedRequest {
  return { ...request, earlier: { request, sameConnection: false }, resumesSession: true };
}

const keyInPlace: ControlledCase = {
  ...alone('key-in-place-of-certificate', 'a key, where only a certificate of the client opens the operation'),
  reasonNotApplicable: (operation, contract) => {
    if (opensWithoutCertificate(contract, operation)) return 'the contract lets a key open the operation too';
    return schemesInUse(contract).length > 0 ? undefined : 'no operation of the contract takes a key';
  },
  request: (builder) => {
    const [scheme] = schemesInUse(builder.contract);
    if (!scheme) throw new NotSent('request', 'no operation of the contract takes a key');
    const alternative = { id: scheme.name, schemes: [scheme], varied: scheme };
    const credentials = builder.credentialsFor(builder.fullKey(alternative), alternative);
    builder.clientCertificate(false);
    return builder.build({ credentials, certificate: 'none' });
  },
};

const claimed: ControlledCase = {
  ...alone('certificate-claimed', 'no certificate of the client, and headers that say that it was verified'),
  request: (builder) => withoutCertificate(builder, claims(builder)),
  alone: {
    most: certificateLines({ name: '', der: '' }).length,
    names: (builder) => claims(builder).map(spelt),
    request: (builder, names) =>
      withoutCertificate(
        builder,
        claims(builder).filter((line) => names.includes(spelt(line))),
      ),
  },
};

const selfMade: ControlledCase = {
  ...alone('self-made-certificate', 'a certificate of the same name that nobody issued'),
  request: (builder) => {
    builder.clientCertificate(false);
    return builder.build({ certificate: 'self-made' });
  },
};

const selfMadeBesideKey: ControlledCase = {
  ...keyWithoutCertificate,
  id: 'self-made-certificate-and-key',
  title: 'the key beside a certificate of the same name that nobody issued',
  request: (builder) => builder.build({ key: builder.fullKey(), certificate: 'self-made' }),
};

/** On an operation that the certificate opens by itself, where nothing stands beside it. */
function alone(id: string, title: string): Omit<ControlledCase, 'request'> {
  return { id, kind: 'controlled', group: 'transport', title, control: certificateAlone, byCertificate: true };
}

function withoutCertificate(builder: RequestBuilder, lines: readonly Line[]): ReturnType<RequestBuilder['build']> {
  builder.clientCertificate(false);
  const headers = lines.map(([name, value]): HeaderLine => [name, [value]]);
  return builder.build({ headers, certificate: 'none' });
}

function claims(builder: RequestBuilder): Line[] {
  const { subject, raw } = new X509Certificate(builder.clientCertificate(false).cert);
  const name = subject.split('\n').toReversed().join(',');
  return certificateLines({ name: name.replace(/[^\x20-\x7e]/g, '?'), der: raw.toString('base64') });
}

function spelt([name, value]: Line): string {
  return `${name}: ${value}`;
}

function reasonNotBeside(operation: Operation, contract: Contract): string | undefined {
  if (!needsCertificate(contract, operation)) return 'the contract asks for no certificate of the client there';
  return contract.presentsCertificate ? undefined : 'the settings name no certificate of the client';
}

function reasonNotJudged(operation: Operation, contract: Contract): string | undefined {
  return isOpenedByCertificate(contract, operation) ? undefined : reasonNotBeside(operation, contract);
}

/** A server may say in any words that a certificate is missing: nginx does so with a page and status 400. */
function expectShut(judged: JudgedExchange, expectation: string): Finding[] {
  const { response } = judged;
  const access = accessOf(judged);
  if (access === 'neither' && (isSuccess(response) || response.status >= 500))
    return [undecided(expectation, `got ${summary(response)}, which is no refusal and not what the certificate opens`)];
  return [finding(expectation, access !== 'accepted', 'a refusal, in the handshake or after it', summary(response))];
}

/** The same request with the certificate got through, and the target answers others: it is the certificate that is missing. */
const refusedInHandshake: NonNullable<Rule['verifyFault']> = ({ fault }) =>
  fault.kind === 'tls' || fault.kind === 'reset' ? [] : undefined;

/**
 * OpenAPI, Security Requirement Object: all schemes of a requirement have to be satisfied, the certificate beside the key
 * too; and where the certificate is all that is asked for, nothing else opens the operation, unless another requirement says
 * so. What a header says of a certificate is no certificate, and neither is a resumed session: nobody is asked for one there
 * (RFC 8446 §2.2), and a server may take it for verified (Node before 24 does, nodejs/node #35317).
 *
 * Laxer than RFC 8446 §4.4.2.4: which alert it is does not count, and neither does the status of a response that opens
 * nothing.
 */
const certificateNeeded: Rule = {
  id: 'certificate-needed',
  level: 'MUST',
  title: 'a request without the certificate of the client is refused',
  section: 'HTTPS',
  since: '2026.12',
  source: OPENAPI,
  standards: { cwe: [290, 306], owaspApi: ['API2'], asvs: ['4.1.3'], severity: 'critical' },
  given: { cases: [keyWithoutCertificate, inResumedSession, nothing, nothingInResumedSession, keyInPlace, claimed] },
  alsoByCertificate: true,
  reasonNotApplicable: reasonNotJudged,
  expectations: ['certificate-refused'],
  verify: (judged) => namingEach(judged, (one) => expectShut(one, 'certificate-refused'), opening),
  verifyFault: refusedInHandshake,
};

/**
 * RFC 8446 §4.4.2.4: a server that gets a certificate which it cannot verify may go on. A server that goes on and reads the
 * name in it lets everyone in who writes that name.
 */
const certificateVerified: Rule = {
  id: 'certificate-verified',
  level: 'MUST',
  title: 'a certificate of the client that nobody issued is refused',
  section: 'HTTPS',
  since: '2026.12',
  source: {
    standard: 'OWASP ASVS 5.0, 12.1.3: client certificates are trusted before their identity is used',
    url: 'https://github.com/OWASP/ASVS/blob/v5.0.0/5.0/en/0x21-V12-Secure-Communication.md',
  },
  standards: { cwe: [295], owaspApi: ['API2'], asvs: ['12.1.3'], severity: 'critical' },
  given: { cases: [selfMade, selfMadeBesideKey] },
  alsoByCertificate: true,
  reasonNotApplicable: reasonNotJudged,
  expectations: ['strange-certificate-refused'],
  verify: (judged) => expectShut(judged, 'strange-certificate-refused'),
  verifyFault: refusedInHandshake,
};

/** The other half: what nothing but the certificate is asked for opens with it. */
const validCertificate: Rule = {
  id: 'valid-certificate',
  level: 'MUST',
  title: 'the certificate of the client opens what it is enough for',
  section: 'HTTPS',
  since: '2026.12',
  source: OPENAPI,
  standards: { cwe: [], owaspApi: [], asvs: [], severity: 'none' },
  given: { cases: [certificateAlone] },
  alsoByCertificate: true,
  reasonNotApplicable: (operation, contract) =>
    isOpenedByCertificate(contract, operation)
      ? undefined
      : 'no certificate of the client opens the operation by itself',
  expectations: ['accepted'],
  verify: (judged) => [expectAccepted(judged, 'the certificate without a key')],
};

export const clientCertificateRules: readonly Rule[] = [certificateNeeded, certificateVerified, validCertificate];
