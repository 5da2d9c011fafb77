import { FieldReader, type Parameter } from './field-reader.ts';

/*
 * The grammars of RFC 9110 field values that the suite reads. Servers send what no grammar allows; then the part that
 * conforms is returned and the rest is left out, as most clients do.
 */

/** Example: of `Application/Problem+JSON; charset="utf-8"` the essence is `application/problem+json`. */
export interface MediaType {
  /** Type and subtype in lower case, without parameters. A range such as `text/*` is possible in documents. */
  readonly essence: string;
  /** By name in lower case, values as they were sent. Of a name that stands there twice the first one. */
  readonly parameters: ReadonlyMap<string, string>;
}

/** One challenge of a `WWW-Authenticate` field. Example: `Bearer realm="a, b", error="invalid_token"`. */
export interface Challenge {
  /** In lower case: `bearer`. */
  readonly scheme: string;
  /** What some schemes send in place of parameters, as in `Negotiate YWJj`. */
  readonly token68?: string;
  /** By name in lower case: `realm`, `error`. Of a name that stands there twice the first one. */
  readonly parameters: ReadonlyMap<string, string>;
}

export interface StrictTransport {
  /** Seconds for which the client is to use HTTPS only; 0 takes an earlier promise back. */
  readonly maxAge: number;
  readonly includeSubDomains: boolean;
}

export function isToken(text: string): boolean {
  const reader = new FieldReader(text);
  return reader.token() !== undefined && reader.isAtEnd;
}

/**
 * The elements of a comma list (RFC 9110 §5.6.1). Empty elements are none; one that does not conform is left out, and the
 * next one begins after the next comma outside of quotes.
 *
 * @param read reads one element, or returns undefined where there is none
 */
function parseList<T>(value: string, read: (reader: FieldReader) => T | undefined): T[] {
  const reader = new FieldReader(value);
  const elements: T[] = [];
  for (;;) {
    reader.skipWhitespace();
    if (reader.isAtEnd) return elements;
    if (reader.character(',')) continue;
    const element = reader.attempt(() => {
      const candidate = read(reader);
      reader.skipWhitespace();
      return reader.isAtEndOr(',') ? candidate : undefined;
    });
    if (element === undefined) reader.skipTo(',');
    else elements.push(element);
  }
}

/** The tokens of a list such as `Vary` or `Connection`, in lower case. */
export function parseTokens(value: string): string[] {
  return parseList(value, (reader) => reader.token()?.toLowerCase());
}

/** RFC 9110 §8.3.1. Undefined where there is no type and subtype; parameters that do not conform are left out. */
export function parseMediaType(value: string): MediaType | undefined {
  return parseList(value, readMediaType).at(-1);
}

function readMediaType(reader: FieldReader): MediaType | undefined {
  const type = reader.token();
  if (type === undefined || !reader.character('/')) return undefined;
  const subtype = reader.token();
  if (subtype === undefined) return undefined;
  const parameters = new Map<string, string>();
  for (;;) {
    reader.skipWhitespace();
    if (!reader.character(';')) break;
    reader.skipWhitespace();
    const parameter = reader.parameter();
    reader.skipWhitespace();
    if (parameter && (reader.isAtEndOr(';') || reader.isAtEndOr(','))) addFirst(parameters, parameter);
    else reader.skipTo(';,');
  }
  return { essence: `${type}/${subtype}`.toLowerCase(), parameters };
}

/** RFC 9111 §5.2, in the order sent, with arguments as tokens or quoted strings. */
export function parseCacheDirectives(value: string): Parameter[] {
  return parseList(value, (reader) => reader.directive());
}

/**
 * RFC 9110 §11.6.1. A comma stands between challenges and between the parameters of one, so what follows it decides: with
 * a `=` behind it a name is a parameter of the challenge before it, and otherwise a scheme. Some servers leave out the comma
 * between parameters; they are read as if it were there.
 */
export function parseChallenges(value: string): Challenge[] {
  const reader = new FieldReader(value);
  const challenges: Challenge[] = [];
  let parameters: Map<string, string> | undefined;
  for (;;) {
    reader.skipWhitespace();
    if (reader.isAtEnd) return challenges;
    if (reader.character(',')) continue;
    const parameter = reader.parameter(true);
    if (parameter) {
      if (parameters) addFirst(parameters, parameter);
      continue;
    }
    const scheme = readScheme(reader);
    if (scheme === undefined) {
      reader.skipTo(',');
      continue;
    }
    const token68 = reader.attempt(() => readToken68(reader));
    parameters = new Map();
    challenges.push({ scheme, ...(token68 !== undefined && { token68 }), parameters });
  }
}

/** A name whose value cannot be read is no scheme: `error=` and `realm="without an end`. */
function readScheme(reader: FieldReader): string | undefined {
  return reader.attempt(() => {
    const name = reader.token();
    const follows = reader.skipWhitespace();
    if (name === undefined || reader.character('=')) return undefined;
    return follows > 0 || reader.isAtEndOr(',') ? name.toLowerCase() : undefined;
  });
}

function readToken68(reader: FieldReader): string | undefined {
  const word = reader.token68();
  reader.skipWhitespace();
  return reader.isAtEndOr(',') ? word : undefined;
}

/**
 * RFC 6797 §6.1: directives between semicolons. Undefined where a client has to ignore the field: without a `max-age` of
 * whole seconds, with a directive twice or with anything that does not conform.
 */
export function parseStrictTransport(value: string): StrictTransport | undefined {
  const reader = new FieldReader(value);
  const directives = new Map<string, string | undefined>();
  for (;;) {
    reader.skipWhitespace();
    const directive = reader.directive(true);
    reader.skipWhitespace();
    if (!reader.isAtEndOr(';')) return undefined;
    if (directive) {
      if (directives.has(directive.name)) return undefined;
      directives.set(directive.name, directive.value);
    }
    if (!reader.character(';')) break;
  }
  const maxAge = parseWholeNumber(directives.get('max-age') ?? '');
  return maxAge === undefined ? undefined : { maxAge, includeSubDomains: directives.has('includesubdomains') };
}

/** Digits and nothing else, as in `Retry-After: 120` (RFC 9110 §10.2.3). Undefined beyond what a number holds exactly. */
export function parseWholeNumber(value: string): number | undefined {
  const digits = value.trim();
  return /^\d+$/.test(digits) && Number.isSafeInteger(Number(digits)) ? Number(digits) : undefined;
}

const DAY = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];
const MONTH = `(?<month>${MONTHS.join('|')})`;
const TIME = String.raw`(?<hour>\d\d):(?<minute>\d\d):(?<second>\d\d)`;
const DATES = [
  String.raw`${DAY}, (?<day>\d\d) ${MONTH} (?<year>\d{4}) ${TIME} GMT`,
  String.raw`${DAY}[a-z]{3,6}, (?<day>\d\d)-${MONTH}-(?<year>\d\d) ${TIME} GMT`,
  String.raw`${DAY} ${MONTH} (?<day>[ \d]\d) ${TIME} (?<year>\d{4})`,
].map((form) => new RegExp(`^${form}$`));

/**
 * RFC 9110 §5.6.7, the three forms of a date. `Date.parse` takes much more for a date, `soon 1` among it.
 *
 * @returns Unix milliseconds
 */
export function parseHttpDate(value: string, now = Date.now()): number | undefined {
  const {
    year,
    month = '',
    day,
    hour,
    minute,
    second,
  } = DATES.map((form) => form.exec(value.trim())?.groups).find((groups) => groups !== undefined) ?? {};
  if (year === undefined) return undefined;
  const at = (fullYear: number): number =>
    Date.UTC(fullYear, MONTHS.indexOf(month), Number(day), Number(hour), Number(minute), Number(second));
  if (year.length === 4) return at(Number(year));
  const thisYear = new Date(now).getUTCFullYear();
  const century = thisYear - (thisYear % 100) + Number(year);
  // A year of two digits that seems to be more than fifty years ahead is the last one with those digits.
  return at(century > thisYear + 50 ? century - 100 : century);
}

function addFirst(parameters: Map<string, string>, { name, value }: Required<Parameter>): void {
  if (!parameters.has(name)) parameters.set(name, value);
}
