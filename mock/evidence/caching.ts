import type { browsers } from '../defects/browsers.ts';
import type { caching } from '../defects/caching.ts';
import type { Keys } from '../running.ts';
import {
  accepted,
  CONTACTS,
  type Evidence,
  type EvidenceFor,
  forbidden,
  headerShown,
  type Request,
  scoped,
  shown,
  withFullKey,
  withKey,
} from './evidence.ts';

const nowhere: Request = ({ full }) => ({ ...withKey(full), path: '/contact/cnt_of_nobody' });

export const ofCaching: EvidenceFor<typeof caching> = {
  'success-cacheable': controlled(withFullKey, 'public, max-age=300'),
  'success-cacheable-by-age': controlled(withFullKey, 'max-age=300'),
  'success-cacheable-by-proxies': controlled(withFullKey, 's-maxage=300'),
  'success-without-cache-control': controlled(withFullKey, 'absent'),
  'cache-ignores-key': replayed(`${CONTACTS}?limit=1`),
  'not-found-cacheable': { ...controlled(nowhere, 'absent'), operation: 'GET /contact/{identifier}' },
  'forbidden-hidden-as-cacheable-404': shown(scoped('admin:read'), forbidden, {
    status: 404,
    json: { error: 'not_found' },
  }),
  'cache-deceived-by-suffix': replayed(`${CONTACTS}/x.css`),
  'cache-deceived-by-newline': replayed(`${CONTACTS}%0Ax.js`),
};

export const ofBrowsers: EvidenceFor<typeof browsers> = {
  'origin-reflected': allowed('https://evil.example', 'https://evil.example'),
  'any-origin-allowed': allowed('https://evil.example', '*'),
  'null-origin-allowed': allowed('null', 'null'),
  'only-successes-readable': allowed('https://evil.example', 'https://app.example.com'),
};

function controlled(request: Request, broken: string): Evidence {
  return headerShown('Cache-Control', request, 'no-store', broken);
}

function replayed(path: string): Evidence {
  return accepted(
    ({ full }: Keys) => ({ ...withKey(full), path }),
    () => ({ path }),
  );
}

function allowed(origin: string, broken: string): Evidence {
  const request: Request = ({ full }) => withKey(full, ['Origin', origin]);
  return headerShown('Access-Control-Allow-Origin', request, 'absent', broken);
}
