/** The controls above the list: they make a Filter and hand it on. */
import type { PageData } from './data.ts';
import { el, number } from './dom.ts';
import { noFilter, orders, tally, type Filter, type Order } from './filter.ts';
import { stateWords, whereWords } from './key-view.ts';

const severityWords = {
  critical: 'Critical',
  high: 'High',
  medium: 'Medium',
  low: 'Low',
  info: 'Info',
};
/** A list of more is slower to read than to type. */
const mostOptions = 500;

export interface FilterBar {
  readonly element: HTMLElement;
  readonly path: HTMLInputElement;
  clear(): void;
}

export function filterBar(
  { keys, hasHistory, isComplete }: PageData,
  changed: (filter: Filter) => void,
): FilterBar {
  const groups = [
    checks(
      'severity',
      'Severity',
      severityWords,
      keys.map(({ severity }) => severity),
    ),
    checks(
      'liveness',
      'Liveness',
      stateWords,
      keys.map(({ liveness }) => liveness.state),
    ),
    ...(hasHistory
      ? [
          checks(
            'where',
            'Where',
            whereWords,
            keys.map(({ where }) => where),
          ),
        ]
      : []),
  ];
  const issuer = choice('issuer', 'Issuer', tally(keys.map((key) => key.issuer).filter(Boolean)));
  const authors = keys.flatMap(({ places }) => [
    ...new Set(places.flatMap(({ introduced }) => introduced?.author || [])),
  ]);
  const author = choice('author', 'Author', tally(authors));
  const path = el('input', {
    type: 'search',
    id: 'filter-path',
    placeholder: 'src/ *.env',
    autocomplete: 'off',
    spellcheck: 'false',
  });
  const order = el(
    'select',
    { id: 'filter-order' },
    ...Object.entries(orders).map(([value, text]) => el('option', { value }, text)),
  );
  const reset = el('button', { type: 'reset' }, 'Clear filters');
  const form = el(
    'form',
    { role: 'search', 'aria-label': 'Filter keys' },
    el('div', { class: 'checks' }, ...groups.map(({ element }) => element)),
    el(
      'div',
      { class: 'choices' },
      labelled('Path', path),
      labelled('Issuer', issuer),
      ...(hasHistory ? [labelled('Author', author)] : []),
      labelled('Order', order),
      reset,
    ),
    ...(isComplete
      ? []
      : [
          el(
            'p',
            { class: 'reminder' },
            'Incomplete scan: the list below is not all there may be.',
          ),
        ]),
  );
  const read = (): Filter => {
    const chosen = (name: string): ReadonlySet<string> =>
      groups.find((group) => group.name === name)?.chosen() ?? new Set();
    return {
      severity: chosen('severity'),
      liveness: chosen('liveness'),
      where: chosen('where'),
      issuer: issuer.value,
      author: author.value,
      path: path.value,
      order: order.value as Order, // the options are its values
    };
  };
  form.addEventListener('input', () => changed(read()));
  form.addEventListener('reset', () => changed(noFilter));
  form.addEventListener('submit', (event) => event.preventDefault());
  return { element: form, path, clear: () => form.reset() };
}

function checks(
  name: string,
  title: string,
  words: Readonly<Record<string, string>>,
  values: readonly string[],
) {
  const counts = new Map(tally(values));
  const boxes = Object.entries(words).flatMap(([value, text]) => {
    const count = counts.get(value);
    if (count === undefined) return [];
    const box = el('input', { type: 'checkbox', name, value });
    return [
      {
        box,
        label: el(
          'label',
          { class: `check ${value}` },
          box,
          el('span', {}, text, ' ', el('small', {}, number(count))),
        ),
      },
    ];
  });
  const element = el('fieldset', {}, el('legend', {}, title), ...boxes.map(({ label }) => label));
  const chosen = (): ReadonlySet<string> =>
    new Set(boxes.filter(({ box }) => box.checked).map(({ box }) => box.value));
  return { name, element, chosen };
}

function choice(
  name: string,
  title: string,
  counts: readonly (readonly [string, number])[],
): HTMLSelectElement {
  return el(
    'select',
    { id: `filter-${name}` },
    el('option', { value: '' }, `Every ${title.toLowerCase()}`),
    ...counts
      .slice(0, mostOptions)
      .map(([value, count]) => el('option', { value }, `${value} (${number(count)})`)),
  );
}

function labelled(text: string, control: HTMLElement): HTMLElement {
  return el('div', {}, el('label', { for: control.id }, text), control);
}
