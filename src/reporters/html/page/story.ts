/** A key's story: what happened to it and when, as far as the report tells. Values in, values out. */
import type { PageKey, PagePlace } from './data.ts';

export interface StoryEvent {
  readonly kind: 'introduced' | 'copied' | 'last-held' | 'live' | 'dead' | 'asked' | 'revoked';
  /** Milliseconds since 1970. */
  readonly time: number;
  readonly date: string;
  readonly text: string;
}

/** One path: held from its introduction until now, or until the last commit that held it. */
export interface Lane {
  readonly path: string;
  readonly from: number;
  /** Absent: removed, and the report does not say when. */
  readonly until?: number;
  readonly isHeld: boolean;
}

export interface Story {
  readonly events: readonly StoryEvent[];
  readonly lanes: readonly Lane[];
  /** From the first event until the report was written. */
  readonly from: number;
  readonly until: number;
}

/** Undefined where the report tells no date of the key. */
export function storyOf(key: PageKey, now: string): Story | undefined {
  const lanes = key.places.flatMap(laneOf(now)).sort((a, b) => a.from - b.from);
  const events = [...placeEvents(key), ...answers(key), ...revocations(key)].sort(
    (a, b) => a.time - b.time,
  );
  const times = events.map(({ time }) => time);
  const [first] = times;
  if (first === undefined || lanes.length === 0) return undefined;
  return { events, lanes, from: first, until: Math.max(Date.parse(now), times.at(-1) ?? first) };
}

function laneOf(now: string): (place: PagePlace) => Lane[] {
  return ({ path, introduced, where, lastDate }) => {
    if (!introduced) return [];
    const from = Date.parse(introduced.date);
    const isHeld = where === 'head';
    const last = isHeld ? now : lastDate;
    const until = last === undefined ? {} : { until: Math.max(from, Date.parse(last)) };
    return [{ path, from, isHeld, ...until }];
  };
}

function placeEvents({ places }: PageKey): StoryEvent[] {
  const known = places
    .filter(({ introduced }) => introduced !== undefined)
    .sort((a, b) => timeOf(a.introduced?.date) - timeOf(b.introduced?.date));
  const held = known.flatMap((place, at): StoryEvent[] => {
    if (!place.introduced) return [];
    const { author, commit, date, subject } = place.introduced;
    const by = author === '' ? '' : ` by ${author}`;
    const what = subject === '' ? '' : `: ${subject}`;
    const verb = at === 0 ? 'Introduced in' : 'Copied to';
    const text = `${verb} ${place.path}${by}, commit ${commit.slice(0, 12)}${what}`;
    return [event(at === 0 ? 'introduced' : 'copied', date, text)];
  });
  const removed = known.flatMap(({ where, path, lastDate, lastCommit = '' }): StoryEvent[] =>
    where !== 'history' || lastDate === undefined
      ? []
      : [
          event(
            'last-held',
            lastDate,
            `Last held at ${path}, commit ${lastCommit.slice(0, 12)}; removed after it`,
          ),
        ],
  );
  return [...held, ...removed];
}

function answers({ liveness }: PageKey): StoryEvent[] {
  const { state, detail, checkedAt } = liveness;
  if (checkedAt === undefined) return [];
  const more = detail === undefined ? '' : ` (${detail})`;
  switch (state) {
    case 'live':
      return [event('live', checkedAt, `Verified live: the issuer accepts it${more}`)];
    case 'dead':
      return [event('dead', checkedAt, `Out of service: the issuer no longer accepts it${more}`)];
    case 'unknown':
      return [event('asked', checkedAt, `Asked: whether it is live could not be told${more}`)];
    case 'unchecked':
      return [];
    default:
      return state satisfies never;
  }
}

function revocations({ revokedAt }: PageKey): StoryEvent[] {
  if (revokedAt === undefined) return [];
  return [event('revoked', revokedAt, 'Revoked, and seen to fail')];
}

function event(kind: StoryEvent['kind'], date: string, text: string): StoryEvent {
  return { kind, date, text, time: timeOf(date) };
}

function timeOf(date: string | undefined): number {
  const time = Date.parse(date ?? '');
  return Number.isNaN(time) ? 0 : time;
}
