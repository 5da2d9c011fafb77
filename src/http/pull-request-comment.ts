import type { PullRequest } from '../config/github.ts';
import { reveal } from '../secret.ts';

/** Milliseconds. */
const TIMEOUT = 20_000;
const PER_PAGE = 100;
/** A pull request with more comments than this gets a second one of ours. */
const MOST_PAGES = 10;

interface Comment {
  readonly id: number;
  readonly body?: string;
  readonly user?: { readonly type?: string };
}

/**
 * Writes the one comment of the suite on a pull request, or replaces what it says.
 *
 * @param marker first line of the comment, by which it is found again; in the page it is not seen
 * @returns why there is none, in a sentence; undefined: it is written
 */
export async function comment(request: PullRequest, marker: string, text: string): Promise<string | undefined> {
  const { repository, number } = request;
  try {
    const comments = `/repos/${repository}/issues/${number}/comments`;
    const own = await found(request, comments, marker);
    const body = JSON.stringify({ body: `${marker}\n${text}` });
    const written =
      own === undefined
        ? await call(request, 'POST', comments, body)
        : await call(request, 'PATCH', `/repos/${repository}/issues/comments/${own}`, body);
    return written.ok ? undefined : refused(written);
  } catch (error) {
    if (error instanceof NotWritten) return error.message;
    const { cause = error } = error as Error;
    const { code, name } = cause as NodeJS.ErrnoException;
    return `The comment could not be written (${code ?? name}): is GITHUB_API_URL right, and does it respond?`;
  }
}

class NotWritten extends Error {}

async function found(request: PullRequest, comments: string, marker: string): Promise<number | undefined> {
  for (let page = 1; page <= MOST_PAGES; page++) {
    const response = await call(request, 'GET', `${comments}?per_page=${PER_PAGE}&page=${page}`);
    if (!response.ok) throw new NotWritten(refused(response));
    const list = (await response.json()) as readonly Comment[];
    // Whoever writes the marker into a comment of their own does not get it replaced.
    const own = list.find(({ body, user }) => user?.type === 'Bot' && body?.startsWith(marker));
    if (own) return own.id;
    if (list.length < PER_PAGE) return undefined;
  }
  return undefined;
}

function refused({ status }: Response): string {
  const why = `The comment could not be written (${status})`;
  return status === 403 || status === 404
    ? `${why}: give the job the permission pull-requests: write, which a pull request from a fork never has.`
    : `${why}: try again.`;
}

function call({ api, token }: PullRequest, method: string, path: string, body?: string): Promise<Response> {
  return fetch(`${api.replace(/\/$/, '')}${path}`, {
    method,
    redirect: 'error',
    signal: AbortSignal.timeout(TIMEOUT),
    headers: {
      accept: 'application/vnd.github+json',
      authorization: `Bearer ${reveal(token)}`,
      'x-github-api-version': '2022-11-28',
      'user-agent': 'auth-conformance/1',
      ...(body !== undefined && { 'content-type': 'application/json' }),
    },
    ...(body !== undefined && { body }),
  });
}
