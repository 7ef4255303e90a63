/** One key: a row that tells the main things, and a panel with its story, its places and what to do. */
import type { PageData, PageKey, PagePlace } from './data.ts';
import { day, el, number, plural, type Child } from './dom.ts';
import type { Shown } from './filter.ts';
import { storyOf } from './story.ts';
import { drawTimeline, leftOutLanes } from './timeline.ts';

const placesAtOnce = 25;
const eventsAtOnce = 12;

export const stateWords = {
  live: 'Live',
  dead: 'Out of service',
  unknown: 'Unknown',
  unchecked: 'Not checked',
} as const;

export const whereWords = {
  head: 'In HEAD',
  history: 'Only in history',
  unknown: 'In files',
} as const;

export interface KeyView {
  readonly element: HTMLElement;
  readonly button: HTMLButtonElement;
  /** Draws what depends on the width of the page. */
  redraw(): void;
}

export function keyView(
  { key, places }: Shown,
  data: PageData,
  isOpen: boolean,
  toggled: (isOpen: boolean) => void,
): KeyView {
  const panel = el('div', { class: 'panel', id: `panel-${key.id}`, hidden: true });
  const button = el(
    'button',
    { type: 'button', 'aria-expanded': 'false', 'aria-controls': panel.id, class: 'row' },
    ...rowParts(key, places),
  );
  const element = el(
    'article',
    { class: `key sev-${key.severity}`, id: key.id },
    el('h3', {}, button),
    panel,
  );
  let draw = (): void => undefined;
  const open = (isOpen: boolean): void => {
    button.setAttribute('aria-expanded', String(isOpen));
    panel.hidden = !isOpen;
    if (isOpen && panel.childElementCount === 0) draw = fillPanel(panel, key, places, data);
  };
  button.addEventListener('click', () => {
    const willOpen = panel.hidden !== false;
    open(willOpen);
    draw();
    toggled(willOpen);
  });
  if (isOpen) open(true);
  return { element, button, redraw: () => draw() };
}

function rowParts(key: PageKey, places: readonly PagePlace[]): Child[] {
  const { state } = key.liveness;
  const since = key.since ? `since ${day(key.since.date)}` : '';
  return [
    el('span', { class: `badge sev-${key.severity}` }, key.severity),
    el(
      'span',
      { class: 'what' },
      el('span', { class: 'name' }, key.name),
      ' ',
      el('code', { class: 'redacted' }, key.redacted),
    ),
    el(
      'span',
      { class: 'states' },
      el('span', { class: `state ${state}` }, stateWords[state]),
      ' ',
      el('span', { class: `state ${key.where}` }, whereWords[key.where]),
    ),
    el(
      'span',
      { class: 'count' },
      plural(places.length, 'place'),
      ...(since ? [el('br'), el('span', { class: 'quiet' }, since)] : []),
    ),
  ];
}

/** Returns what is to be called when the width has changed. */
function fillPanel(
  panel: HTMLElement,
  key: PageKey,
  places: readonly PagePlace[],
  data: PageData,
): () => void {
  const figure = el('figure');
  panel.append(
    heading('Exposure'),
    figure,
    heading('What to do'),
    steps(key),
    heading('Where it stands'),
    placeTable(places),
    details(key),
  );
  return storyPart(figure, key, data);
}

function heading(text: string): HTMLElement {
  return el('h4', {}, text);
}

function storyPart(figure: HTMLElement, key: PageKey, { now, hasHistory }: PageData): () => void {
  const story = storyOf(key, now);
  if (!story) {
    const cure = hasHistory
      ? 'No commit is known that introduced it.'
      : 'Since when is not known: history was not asked. A scan with --history tells.';
    figure.append(el('p', { class: 'quiet' }, cure));
    return () => undefined;
  }
  const listed = story.events.slice(0, eventsAtOnce);
  const more = story.events.length - listed.length;
  const list = el(
    'ol',
    { class: 'events' },
    ...listed.map((event) =>
      el(
        'li',
        { class: event.kind },
        el('time', { datetime: event.date }, day(event.date)),
        ' ',
        event.text,
      ),
    ),
    ...(more > 0 ? [el('li', { class: 'quiet' }, `and ${plural(more, 'more event')}`)] : []),
  );
  const title = `Timeline of ${key.redacted}: ${plural(story.events.length, 'event')}, listed below`;
  const canvas = el('div', { class: 'canvas' });
  figure.append(canvas, ...leftOutLanes(story), el('figcaption', {}, list));
  const draw = (): void => {
    canvas.replaceChildren(drawTimeline(story, Math.max(260, canvas.clientWidth), title));
  };
  draw();
  return draw;
}

function steps({ steps, links }: PageKey): HTMLElement {
  return el(
    'ol',
    { class: 'steps' },
    ...steps.map((step) => el('li', {}, ...withLink(step, links))),
  );
}

/** A step ends with the address where it is done. */
function withLink(step: string, links: readonly string[]): Child[] {
  const link = links.find((one) => step.endsWith(one));
  return link === undefined ? [step] : [step.slice(0, -link.length), anchor(link)];
}

function anchor(href: string): HTMLElement {
  return el('a', { href, rel: 'noopener noreferrer', target: '_blank' }, href);
}

function placeTable(places: readonly PagePlace[]): HTMLElement {
  const list = el('ul', { class: 'places' });
  const button = el('button', { type: 'button', class: 'more' });
  let shown = 0;
  const showMore = (): void => {
    list.append(...places.slice(shown, shown + placesAtOnce).map(placeItem));
    shown = Math.min(places.length, shown + placesAtOnce);
    button.hidden = shown === places.length;
    button.textContent = `Show ${number(Math.min(placesAtOnce, places.length - shown))} of ${plural(places.length - shown, 'further place')}`;
  };
  button.addEventListener('click', showMore);
  showMore();
  return el('div', {}, list, button);
}

function placeItem(place: PagePlace): HTMLElement {
  const times = place.occurrences > 1 ? `, ${plural(place.occurrences, 'time')}` : '';
  const decoded = place.decoded === '' ? '' : `, decoded from ${place.decoded}`;
  return el(
    'li',
    {},
    el(
      'p',
      { class: 'path' },
      el('code', {}, `${place.path}:${place.line}:${place.column}`),
      `${times}${decoded}`,
    ),
    ...(place.built === '' ? [] : [el('p', {}, place.built)]),
    el('pre', { tabindex: '0', 'aria-label': 'The line, redacted' }, el('code', {}, place.text)),
    el('p', { class: 'quiet' }, history(place)),
  );
}

function history(place: PagePlace): string {
  const { introduced, where, lastCommit = '', lastDate, isReachable, refs, refCount } = place;
  if (where === 'unknown') return place.fingerprint;
  const by = introduced
    ? [
        `introduced ${day(introduced.date)} by ${introduced.author || 'an unknown author'} in ${introduced.commit.slice(0, 12)}`,
      ]
    : [];
  const last = lastDate === undefined ? '' : ` of ${day(lastDate)}`;
  const now =
    where === 'head' ? 'in HEAD' : `not in HEAD, last in ${lastCommit.slice(0, 12)}${last}`;
  const more = refCount - refs.length;
  const on = isReachable
    ? refs.length === 0
      ? []
      : [`on ${refs.join(', ')}${more > 0 ? ` and ${number(more)} more` : ''}`]
    : ['no branch, tag or stash reaches it'];
  return [...by, now, ...on].join(' \u00b7 ');
}

function details(key: PageKey): HTMLElement {
  return el(
    'p',
    { class: 'quiet ids' },
    `Rule ${key.rule}${key.issuer === '' ? '' : `, issuer ${key.issuer}`}, confidence ${key.confidence}. Key id ${key.id}.`,
  );
}
