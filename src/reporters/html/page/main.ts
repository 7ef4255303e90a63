/** The script of the HTML report: reads the data that stands in the page, and shows it. */
import type { PageData } from './data.ts';
import { noFilter, select } from './filter.ts';
import { filterBar } from './filter-bar.ts';
import { keyList } from './key-list.ts';
import { onPaper } from './paper.ts';

const data = readData();
const list = document.getElementById('keys');
const filters = document.getElementById('filters');
if (data.keys.length > 0 && list && filters) {
  const { show, open } = keyList(data, list);
  const bar = filterBar(data, (filter) => show(select(data.keys, filter)));
  filters.append(bar.element);
  const shown = select(data.keys, noFilter);
  // The worst one shows what there is to open.
  if (shown[0]) open(shown[0].key.id);
  show(shown);
  addEventListener('keydown', (event) => {
    const isTyping = event.target instanceof HTMLInputElement && event.target.type === 'search';
    if (event.key === '/' && !isTyping && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      bar.path.focus();
    }
    if (event.key === 'Escape' && isTyping) bar.clear();
  });
}

onPaper((isOnPaper) => {
  for (const details of document.querySelectorAll('details')) details.open = isOnPaper;
});

/** Written by the same program as this script, so its shape is known. */
function readData(): PageData {
  return JSON.parse(document.getElementById('report')?.textContent ?? '{"keys":[]}') as PageData;
}
