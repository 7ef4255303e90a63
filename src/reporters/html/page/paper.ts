/** When the page is put on paper, and when it is back on the screen. */

/** `change` is told each once. */
export function onPaper(change: (isOnPaper: boolean) => void): void {
  let isOnPaper = false;
  const tell = (isPrinting: boolean): void => {
    if (isPrinting === isOnPaper) return;
    isOnPaper = isPrinting;
    change(isPrinting);
  };
  // Sheets are counted before the medium is said to have changed: what comes later would be cut off.
  addEventListener('beforeprint', () => tell(true));
  addEventListener('afterprint', () => tell(false));
  matchMedia('print').addEventListener('change', ({ matches }) => tell(matches));
}
