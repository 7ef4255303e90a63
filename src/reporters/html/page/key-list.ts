/** The list of keys, a page at a time, so that ten thousand are as quick as ten. All of them on paper. */
import type { PageData } from './data.ts';
import { el, number, plural } from './dom.ts';
import type { Shown } from './filter.ts';
import { keyView, type KeyView } from './key-view.ts';
import { onPaper } from './paper.ts';

const keysAtOnce = 50;
/** Up to so many are printed with their panels; of more, only the rows. */
const mostPrintedOpen = 100;

export interface KeyList {
  show(shown: readonly Shown[]): void;
  /** Without showing it. */
  open(id: string): void;
}

export function keyList(data: PageData, into: HTMLElement): KeyList {
  const status = el('p', { class: 'status', role: 'status' });
  const rows = el('div', { class: 'rows' });
  const pages = el('nav', { class: 'pages', 'aria-label': 'Pages of the list' });
  const open = new Set<string>();
  let shown: readonly Shown[] = [];
  let page = 0;
  let views: readonly KeyView[] = [];

  const put = (some: readonly Shown[], isOpen: (id: string) => boolean): void => {
    views = some.map((one) =>
      keyView(one, data, isOpen(one.key.id), (isNowOpen) => {
        if (isNowOpen) open.add(one.key.id);
        else open.delete(one.key.id);
      }),
    );
    rows.replaceChildren(...views.map(({ element }) => element));
    redraw();
  };
  const redraw = (): void => {
    for (const view of views) view.redraw();
  };
  const render = (): void => {
    const from = page * keysAtOnce;
    put(shown.slice(from, from + keysAtOnce), (id) => open.has(id));
    const last = Math.min(shown.length, from + keysAtOnce);
    const all =
      shown.length === data.keys.length
        ? plural(shown.length, 'key')
        : `${number(shown.length)} of ${plural(data.keys.length, 'key')}`;
    const part = shown.length > keysAtOnce ? `, ${number(from + 1)} to ${number(last)} below` : '';
    status.textContent = shown.length === 0 ? 'No key matches these filters.' : `${all}${part}.`;
    pages.replaceChildren(...pageButtons());
  };
  const pageButtons = (): HTMLElement[] => {
    const count = Math.ceil(shown.length / keysAtOnce);
    if (count <= 1) return [];
    const button = (text: string, to: number): HTMLElement => {
      const made = el('button', { type: 'button', disabled: to < 0 || to >= count }, text);
      made.addEventListener('click', () => {
        page = to;
        render();
        into.focus({ preventScroll: true });
        into.scrollIntoView();
      });
      return made;
    };
    return [
      button('First', page === 0 ? -1 : 0),
      button('Previous', page - 1),
      el('span', {}, `Page ${number(page + 1)} of ${number(count)}`),
      button('Next', page + 1),
      button('Last', page === count - 1 ? count : count - 1),
    ];
  };

  into.append(el('h2', {}, 'Keys'), status, rows, pages);
  rows.addEventListener('keydown', (event) => moveFocus(event, views));
  addEventListener('resize', redraw);
  onPaper((isOnPaper) => {
    if (isOnPaper) put(shown, () => shown.length <= mostPrintedOpen);
    else render();
  });
  return {
    open: (id) => void open.add(id),
    show(some) {
      shown = some;
      page = 0;
      render();
    },
  };
}

/** Up and down go from key to key, as in any list. */
function moveFocus(event: KeyboardEvent, views: readonly KeyView[]): void {
  const at = views.findIndex(({ button }) => button === event.target);
  if (at < 0) return;
  const steps: Readonly<Record<string, number>> = {
    ArrowDown: at + 1,
    ArrowUp: at - 1,
    Home: 0,
    End: views.length - 1,
  };
  const to = steps[event.key];
  if (to === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  views[to]?.button.focus();
}
