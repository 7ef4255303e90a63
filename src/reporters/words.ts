/** Numbers, sizes, ages and names as a person reads them. The same everywhere: no locale. */

export function number(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 key`, `2 keys`, `3 entries`. */
export function plural(count: number, one: string, many = `${one}s`): string {
  return `${number(count)} ${count === 1 ? one : many}`;
}

export function size(bytes: number): string {
  if (bytes < 1000) return plural(bytes, 'byte');
  const units = ['kB', 'MB', 'GB', 'TB'];
  let value = bytes / 1000;
  let unit = 0;
  // 999.95 would be written 1000.0
  while (value >= 999.95 && unit < units.length - 1) {
    value /= 1000;
    unit++;
  }
  return `${value.toFixed(1)} ${units[unit]}`;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** `3 days ago`; undefined for a date to come, which a clock set wrong can write. */
export function age(date: string, now: Date): string | undefined {
  const passedMs = now.getTime() - Date.parse(date);
  if (!(passedMs >= 0)) return undefined;
  if (passedMs < hourMs) return 'within the hour';
  if (passedMs < dayMs) return `${plural(Math.floor(passedMs / hourMs), 'hour')} ago`;
  const days = Math.floor(passedMs / dayMs);
  if (days < 60) return `${plural(days, 'day')} ago`;
  if (days < 730) return `${plural(Math.floor(days / 30.44), 'month')} ago`;
  return `${plural(Math.floor(days / 365.25), 'year')} ago`;
}

export function shortRef(ref: string): string {
  return ref.replace(/^refs\/(?:heads|remotes|tags)\//, '').replace(/^refs\//, '');
}

export function shortCommit(commit: string): string {
  return commit.slice(0, 12);
}

/** `since the last complete run (2026-03-01)`. */
export function since({ run }: { readonly run: string }): string {
  return `since the last complete run (${run.slice(0, 10)})`;
}
