import type { EnvironmentName, KeyKind } from './contract.ts';
import type { Edition } from './edition.ts';
import type { Secret } from '../secret.ts';

export interface ScopedKey {
  readonly scopes: ReadonlySet<string>;
  readonly secret: Secret;
}

/** The keys a run was given. What is absent makes the cases that need it *not proven*, by the variable's name. */
export interface Keys {
  /** Full access, of the target's environment. Made up where no operation takes a credential. */
  readonly full: Secret;
  /** Full access too, by scheme: of the schemes that take another credential than the full-access key. */
  readonly others: Readonly<Record<string, Secret>>;
  /** Full access in another environment. */
  readonly otherEnvironment?: Secret;
  /** Full access in the target's environment, to what another account has. */
  readonly otherAccount?: Secret;
  readonly revoked?: Secret;
  /** Locked to an address that is not ours. */
  readonly ipLocked?: Secret;
  /** The address that `ipLocked` is locked to. */
  readonly ipLockedAddress?: string;
  readonly scoped: readonly ScopedKey[];
  /** Made by the run itself, on a sandbox; absent: none. */
  readonly made?: readonly Secret[];
}

/** Values of parameters that lead to something on the target. */
export interface PathValues {
  /** From the setting, by the name of the parameter: `server_id`. */
  readonly given: Readonly<Record<string, string>>;
  /** Shown by list operations of the target, by the part of the path that the parameter ends: `/servers/{server_id}`. */
  readonly read: Readonly<Record<string, string>>;
  /**
   * Of parameters in a header, the query or a cookie, from the setting, by place and name (a header's in lower case):
   * `header x-tenant`. Never a credential.
   */
  readonly beside?: Readonly<Record<string, string>>;
}

/** What an API does not have, so that nothing about it can be judged. */
export type WithoutFeature = 'address-locks' | 'other-environment' | 'scoped-keys';

/** What may be sent. Decided by the environment, not by a flag that someone has to remember. */
export interface Policy {
  /** On production no unsafe method leaves with a key that could be accepted. */
  readonly production: boolean;
  /** Sandbox only: an undecided permission cell may be repeated with the contract's example body. */
  readonly allowWrites: boolean;
}

export type Strictness = 'should' | 'proven';

/** What one test of the runner is about. */
export type TestUnit = 'cell' | 'operation';

/**
 * A report that a run makes besides `conformance.json`: the page, the summary, SARIF, JUnit and the badge are views of that,
 * and the last two are the reports of Playwright and of Allure.
 */
export type ReportName = 'html' | 'summary' | 'sarif' | 'junit' | 'badge' | 'playwright' | 'allure';

/** How a run is done, whatever target it judges. */
export interface RunSettings {
  /** The most requests of a run, those of the preflight among them; absent: as many as the catalogue has. */
  readonly budget?: number;
  /** Chooses the operations on which a budget tries each case; the number of the day unless it is set. */
  readonly seed: number;
  /** What a run fails for besides violations: deviations, or whatever is not proven. */
  readonly strict: ReadonlySet<Strictness>;
  /** `new`: violations that the last run had too do not decide the exit code. */
  readonly failOn?: 'new';
  /** Requests a minute that the target allows. */
  readonly requestsPerMinute?: number;
  /** Milliseconds to wait for one response. */
  readonly timeout: number;
  /** File of an earlier run's report, to say what is different; absent: the last one of the same target. */
  readonly previous?: string;
  /** The edition of the rules that the run can fail for: newer ones are shown alone. Absent: all count. */
  readonly edition?: Edition;
  /** Absent: the size of the contract decides. */
  readonly testPer?: TestUnit;
  /**
   * `text`: reports show the bodies of successes. Absent: their shape and size, since what the target lets its keys read
   * is as secret as the keys.
   */
  readonly reportBodies?: 'text';
  /** The reports that the run makes. */
  readonly reports: ReadonlySet<ReportName>;
  /**
   * Seconds that a key is watched after a change, beyond the time that is promised; 0: no key is made. Absent: as long as
   * the suite finds sensible.
   */
  readonly keyWatch?: number;
  /** Milliseconds that the command which makes keys may take; absent: as long as the suite finds sensible. */
  readonly keyCommandTimeout?: number;
}

/** What a client presents in a TLS handshake (RFC 8446 §4.4.2), both in PEM. */
export interface ClientCertificate {
  readonly cert: string;
  readonly key: Secret;
}

/** An HTTP proxy that opens connections when it is asked with CONNECT. */
export interface Proxy {
  /** Scheme, host and port. */
  readonly url: string;
  readonly user?: string;
  readonly password?: Secret;
}

/** What a run judges, made by `readTarget` from the environment variables. */
export interface Target {
  /** Such as `https://api.example.com/v2`, without a trailing slash. */
  readonly baseUrl: string;
  readonly environment: EnvironmentName;
  /** The kind of key that this environment takes, where the contract names kinds. */
  readonly kind?: KeyKind;
  readonly keys: Keys;
  /** Base URL where plain HTTP is tried; absent: not applicable, with the reason. */
  readonly plainHttpUrl?: string;
  /** Whether it offers HTTP/2 in the TLS handshake; absent: it has not been asked yet. */
  readonly offersHttp2?: boolean;
  /** PEM text of an extra certificate authority. */
  readonly ca?: string;
  /** Presented in every TLS handshake with the target; absent: none is. */
  readonly certificate?: ClientCertificate;
  /** Opens every connection to the target; absent: they are made directly. */
  readonly proxy?: Proxy;
  /** Hosts (`name` or `name:port`) that may see a key of the production kind. */
  readonly liveKeyHosts: readonly string[];
  /** Hosts (`name` or `name:port`) of a private network that may see a key over plain HTTP; none on production. */
  readonly plainHttpHosts: readonly string[];
  readonly pathValues: PathValues;
  /** Whether list operations of the target may be asked for ids where nothing else gives a path value. */
  readonly readsIds: boolean;
  /** What the API does not have, with who says so: `EXAMPLE_WITHOUT`. */
  readonly without: Readonly<Partial<Record<WithoutFeature, string>>>;
  readonly policy: Policy;
  /** Program and words of the command that makes and ends keys; absent: there is none. */
  readonly keyCommand?: readonly string[];
  readonly run: RunSettings;
  /** Names of the environment variables, so that a message can say which one would help. */
  readonly variables: VariableNames;
  /** The variables of the credentials of `Keys.others`, configured or not, by scheme. */
  readonly schemeVariables: Readonly<Record<string, string>>;
}

/** Environment variables of a contract; all begin with its upper-cased name. */
export interface VariableNames {
  readonly baseUrl: string;
  readonly environment: string;
  readonly apiKey: string;
  readonly otherEnvironmentKey: string;
  readonly otherAccountKey: string;
  readonly scopedKeys: string;
  readonly revokedKey: string;
  readonly ipLockedKey: string;
  readonly ipLockedKeyAddress: string;
  readonly plainHttpUrl: string;
  readonly ca: string;
  readonly clientCertificate: string;
  readonly clientKey: string;
  readonly proxy: string;
  readonly liveKeyHosts: string;
  readonly plainHttpHosts: string;
  readonly pathValues: string;
  readonly parameterValues: string;
  readonly readIds: string;
  readonly without: string;
  readonly keyCommand: string;
  readonly keyCommandTimeout: string;
  readonly keyWatch: string;
  readonly sandboxWrites: string;
  readonly budget: string;
  readonly minutes: string;
  readonly seed: string;
  readonly strict: string;
  readonly failOn: string;
  readonly rateLimit: string;
  readonly timeout: string;
  readonly previous: string;
  readonly edition: string;
  readonly testPer: string;
  readonly reportBodies: string;
  readonly reports: string;
}
