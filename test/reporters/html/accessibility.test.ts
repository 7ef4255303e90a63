/** What a screen reader, a keyboard and weak eyes need, as axe checks it, in both colour schemes. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import type { Page } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { makeReport } from '../../support/make-report.ts';
import { useBrowser } from './support/browser.ts';
import { incompleteReport, largeReport, storyReport } from './support/reports.ts';

const open = useBrowser();
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

interface AxeResult {
  readonly violations: readonly {
    readonly id: string;
    readonly nodes: readonly { readonly html: string; readonly failureSummary: string }[];
  }[];
  readonly passes: readonly unknown[];
}

const light = { colorScheme: 'light' } as const;
const dark = { colorScheme: 'dark' } as const;
const phone = { viewport: { width: 390, height: 844 } };

describe('axe knows no fault', () => {
  it.each([
    ['no keys, light', () => makeReport([]), light],
    ['no keys, dark', () => makeReport([]), dark],
    ['a history, light', storyReport, light],
    ['a history, dark', storyReport, dark],
    ['a history, phone', storyReport, phone],
    ['incomplete, light', incompleteReport, light],
    ['incomplete, dark', incompleteReport, dark],
    ['several pages', () => largeReport(400), light],
  ])('%s', async (_name, make, options) => {
    const { page } = await open(make(), options);
    await openRows(page, 6);
    await page.evaluate(axe);
    const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
    const { violations, passes } = (await page.evaluate(
      `axe.run(document, { runOnly: ${JSON.stringify(tags)} })`,
    )) as AxeResult;
    expect(passes.length).toBeGreaterThan(15);
    const faults = violations.flatMap(({ id, nodes }) =>
      nodes.map((node) => `${id}: ${node.html} ${node.failureSummary}`),
    );
    expect(faults).toEqual([]);
  });
});

it('is as wide as the screen, never wider', async () => {
  const { page } = await open(incompleteReport(), { viewport: { width: 320, height: 700 } });
  await openRows(page, 6);
  expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(320);
});

async function openRows(page: Page, most: number): Promise<void> {
  await page.evaluate(`{
    const rows = [...document.querySelectorAll('.row[aria-expanded=false]')];
    for (const row of rows.slice(0, ${most})) row.click();
  }`);
}
