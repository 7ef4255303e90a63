/** A key's story as SVG: a lane for each path, time from left to right, the issuer's answer across. */
import { el, plural, svg } from './dom.ts';
import type { Lane, Story, StoryEvent } from './story.ts';

const most = 8;
const laneHeight = 34;
const top = 30;
const bottom = 26;
const inset = 8;

/** `width` in CSS pixels. Read by screen readers as its title; the list beside it has every event. */
export function drawTimeline(story: Story, width: number, title: string): SVGSVGElement {
  const lanes = story.lanes.slice(0, most);
  const height = top + lanes.length * laneHeight + bottom;
  const span = Math.max(1, story.until - story.from);
  const x = (time: number): number =>
    inset + ((time - story.from) / span) * Math.max(1, width - 2 * inset);
  return svg(
    'svg',
    {
      class: 'timeline',
      role: 'img',
      'aria-label': title,
      viewBox: `0 0 ${width} ${height}`,
      width,
      height,
    },
    ...axis(story, x, width, height),
    ...lanes.flatMap((lane, at) => drawLane(lane, at, story, x, width)),
    ...story.events.filter(isAnswer).flatMap((event) => drawAnswer(event, x, width, height)),
  );
}

export function leftOutLanes(story: Story): HTMLElement[] {
  const more = story.lanes.length - most;
  return more > 0
    ? [el('p', { class: 'quiet' }, `and ${plural(more, 'more place')}, listed below`)]
    : [];
}

type Scale = (time: number) => number;

function drawLane(lane: Lane, at: number, story: Story, x: Scale, width: number): SVGElement[] {
  const y = top + at * laneHeight + 22;
  const from = x(lane.from);
  const until = lane.until === undefined ? from : x(lane.until);
  // A lane that begins near the right edge has its name to the left.
  const isLate = from > width * 0.6;
  const room = Math.floor((isLate ? from : width - from) / 6.6);
  const label = svg(
    'text',
    {
      x: isLate ? from + 5 : from - 5,
      y: y - 9,
      class: 'lane',
      'text-anchor': isLate ? 'end' : 'start',
    },
    cutMiddle(lane.path, Math.max(12, room)),
  );
  const gone = lane.isHeld
    ? []
    : [svg('line', { x1: until, x2: x(story.until), y1: y, y2: y, class: 'gone' })];
  const end = lane.isHeld
    ? svg('path', { d: `M${until - 1} ${y - 5}l6 5l-6 5z`, class: 'held-end' })
    : svg('circle', { cx: until, cy: y, r: 4.5, class: 'last' });
  const held = svg('line', { x1: from, x2: until, y1: y, y2: y, class: 'held' });
  const start =
    at === 0
      ? svg('circle', { cx: from, cy: y, r: 5.5, class: 'start' })
      : svg('path', { d: `M${from} ${y - 6}l6 6l-6 6l-6 -6z`, class: 'start' });
  return [...gone, held, end, start, label];
}

function isAnswer({ kind }: StoryEvent): boolean {
  return kind in words;
}

const words = {
  live: 'verified live',
  dead: 'out of service',
  asked: 'asked',
  revoked: 'revoked',
} as const;

function drawAnswer(event: StoryEvent, x: Scale, width: number, height: number): SVGElement[] {
  const kind = event.kind as keyof typeof words; // isAnswer lets through no other
  const at = x(event.time);
  const isLate = at > width / 2;
  return [
    svg('line', { x1: at, x2: at, y1: 18, y2: height - bottom, class: `answer ${kind}` }),
    svg('circle', { cx: at, cy: 14, r: 5, class: `answer ${kind}` }),
    svg(
      'text',
      {
        x: isLate ? at - 10 : at + 10,
        y: 18,
        class: `answer ${kind}`,
        'text-anchor': isLate ? 'end' : 'start',
      },
      words[kind],
    ),
  ];
}

function axis(story: Story, x: Scale, width: number, height: number): SVGElement[] {
  const y = height - bottom + 4;
  const count = width < 480 ? 2 : 4;
  const ticks = Array.from(
    { length: count + 1 },
    (_, at) => story.from + ((story.until - story.from) * at) / count,
  );
  const isShort = story.until - story.from < 4 * 86_400_000;
  return [
    svg('line', { x1: inset, x2: width - inset, y1: y, y2: y, class: 'axis' }),
    ...ticks.flatMap((time, at) => {
      const anchor = at === 0 ? 'start' : at === count ? 'end' : 'middle';
      const iso = new Date(time).toISOString();
      const text = isShort ? iso.slice(5, 16).replace('T', ' ') : iso.slice(0, 10);
      const place = at === 0 ? inset : x(time);
      return [
        svg('line', { x1: x(time), x2: x(time), y1: y - 3, y2: y + 3, class: 'axis' }),
        svg('text', { x: place, y: y + 16, class: 'tick', 'text-anchor': anchor }, text),
      ];
    }),
  ];
}

/** The ends of a path say more than its middle. */
function cutMiddle(text: string, most: number): string {
  if (text.length <= most) return text;
  const left = Math.floor((most - 1) / 3);
  return `${text.slice(0, left)}\u2026${text.slice(left - most + 1)}`;
}
