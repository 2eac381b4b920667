import { type Line, previousOf } from './history.ts';

const HEAD = [
  'scenario',
  'latency',
  'requests',
  '(at most)',
  'seconds',
  '(floor)',
  'CPU s',
  'peak MB',
  'file MB',
  'allowance',
  '429s',
  'since the last run',
];

/** For people: a row for each line, with what changed since the last one about the same thing. */
export function renderTable(lines: readonly Line[], history: readonly Line[]): string {
  const rows = [HEAD, ...lines.map((line) => rowOf(line, previousOf(line, history)))];
  const widths = HEAD.map((_none, at) => Math.max(...rows.map((row) => row[at]?.length ?? 0)));
  return rows
    .map((row) =>
      row.map((cell, at) => (at === 0 ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))),
    )
    .map((row) => `${row.join('  ').trimEnd()}\n`)
    .join('');
}

function rowOf(line: Line, previous: Line | undefined): readonly string[] {
  return [
    line.scenario,
    line.latency_ms === null ? '' : `${line.latency_ms} ms`,
    line.requests === null ? '' : String(line.requests),
    line.request_budget === null ? '' : String(line.request_budget),
    line.seconds.toFixed(2),
    line.seconds_floor === null ? '' : line.seconds_floor.toFixed(2),
    line.cpu_seconds.toFixed(2),
    line.peak_mb.toFixed(0),
    line.bytes === undefined ? '' : (line.bytes / 1e6).toFixed(2),
    line.allowance_share === undefined ? '' : `${Math.round(line.allowance_share * 100)} %`,
    line.refused === undefined ? '' : String(line.refused),
    previous === undefined ? 'first' : changes(line, previous),
  ];
}

const FIGURES = {
  requests: 'requests',
  seconds: 'seconds',
  cpu_seconds: 'CPU',
  peak_mb: 'MB',
  bytes: 'size',
  allowance_share: 'allowance',
} as const;

/** Below this a difference is the machine's mood. */
const NOTABLE_PERCENT = 5;

function changes(line: Line, previous: Line): string {
  const told = (Object.keys(FIGURES) as (keyof typeof FIGURES)[]).flatMap((figure) => {
    const [now, before] = [line[figure], previous[figure]];
    if (!now || !before) return [];
    const percent = Math.round(((now - before) / before) * 100);
    const isTold = figure === 'requests' ? percent !== 0 : Math.abs(percent) >= NOTABLE_PERCENT;
    return isTold ? [`${FIGURES[figure]} ${percent > 0 ? '+' : ''}${percent} %`] : [];
  });
  return told.length === 0 ? 'same' : told.join(', ');
}
