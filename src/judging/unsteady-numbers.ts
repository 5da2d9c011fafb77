import type { HttpResponse } from '../model/exchange.ts';

/**
 * The responses without the numbers by which some that mean the same differ, such as how many attempts are left: a member, or
 * the text of a body that is no JSON, in which nothing but numbers is another. A number that is the same in all of those may
 * be a code that says something, so it stays.
 *
 * @param alike responses to keys that nothing tells apart
 */
export function withoutUnsteadyNumbers<Compared extends HttpResponse>(
  responses: readonly Compared[],
  alike: readonly HttpResponse[],
): readonly Compared[] {
  const places = alike.map((one) => new Map(textsOf(contentOf(one))));
  const unsteady = new Set<string>();
  for (const [place, text] of places.flatMap((texts) => [...texts])) {
    const others = places.flatMap((texts) => texts.get(place) ?? []);
    if (others.some((other) => other !== text && masked(other) === masked(text))) unsteady.add(place);
  }
  if (unsteady.size === 0) return responses;
  return responses.map((one): Compared => {
    const content = without(contentOf(one), unsteady);
    return { ...one, body: { ...one.body, ...(typeof content === 'string' ? { text: content } : { json: content }) } };
  });
}

function contentOf({ body }: HttpResponse): unknown {
  return body.json === undefined ? body.text : body.json;
}

/** Every number and text with its place: `/error/attemptsLeft`. */
function textsOf(value: unknown, place = ''): [place: string, text: string][] {
  if (typeof value === 'number' || typeof value === 'string') return [[place, String(value)]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]) => textsOf(member, `${place}/${name}`));
}

function without(value: unknown, places: ReadonlySet<string>, place = ''): unknown {
  if (typeof value === 'number' || typeof value === 'string') return places.has(place) ? masked(String(value)) : value;
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [name, without(member, places, `${place}/${name}`)]);
  return Object.fromEntries(members);
}

function masked(text: string): string {
  return text.replace(/\d+/g, '#');
}
