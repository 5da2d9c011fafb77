import type { BudgetFigure } from './budget-figures.ts';

const WIDTH = 720;
const HEIGHT = 360;
const LEFT = 48;
const RIGHT = 190;
const TOP = 20;
const BOTTOM = 44;

const LINES = [
  { member: 'documented', title: 'of a documented MUST', color: '#0b6e4f' },
  { member: 'everywhere', title: 'of all operations', color: '#1f4e9e' },
  { member: 'oneForm', title: 'of one form of the key', color: '#7a3e9d' },
  { member: 'onOne', title: 'of one operation', color: '#b3541e' },
] as const;

/** What budgets find of the known defects, as a picture: percent above requests. */
export function curveSvg(figures: readonly BudgetFigure[]): string {
  const most = Math.max(...figures.map(({ requests }) => requests));
  const x = (requests: number): number => Math.round(LEFT + ((WIDTH - LEFT - RIGHT) * requests) / most);
  const y = (percent: number): number => Math.round(TOP + ((HEIGHT - TOP - BOTTOM) * (100 - percent)) / 100);
  const text = (at: readonly [number, number], words: string, more = ''): string =>
    `<text x="${at[0]}" y="${at[1]}" ${more}>${words}</text>`;
  const grid = [0, 20, 40, 60, 80, 100].flatMap((percent) => [
    `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(percent)}" y2="${y(percent)}" stroke="#d0d0d0"/>`,
    text([LEFT - 6, y(percent) + 4], `${percent}`, 'text-anchor="end"'),
  ]);
  const ticks = [100, 400, 800, 1200, most].map((requests) =>
    text([x(requests), HEIGHT - BOTTOM + 18], `${requests}`, 'text-anchor="middle"'),
  );
  const lines = LINES.flatMap(({ member, title, color }, index) => [
    `<polyline fill="none" stroke="${color}" stroke-width="2" points="${[`${x(0)},${y(0)}`, ...figures.map((figure) => `${x(figure.requests)},${y(figure[member])}`)].join(' ')}"/>`,
    `<rect x="${WIDTH - RIGHT + 14}" y="${TOP + 24 * index}" width="12" height="12" fill="${color}"/>`,
    text([WIDTH - RIGHT + 32, TOP + 11 + 24 * index], title),
  ]);
  const axes = [
    text([LEFT, HEIGHT - 8], 'requests; known defects that a budget meets, in percent'),
    `<title>Known defects that a budget meets</title>`,
  ];
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="sans-serif" font-size="13" role="img">
<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>
${[...axes, ...grid, ...ticks, ...lines].join('\n')}
</svg>
`;
}
