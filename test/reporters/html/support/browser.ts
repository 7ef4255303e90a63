/** A real Chromium with the page in it, and traps for whatever a page must not do. */
import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';
import { afterAll, beforeAll, onTestFinished } from 'vitest';
import type { Report } from '../../../../src/core/model/report.ts';
import { html } from '../../../../src/reporters/html/html.ts';
import { plainStyle } from '../../../../src/reporters/reporter.ts';
import { makeTree } from '../../../support/make-tree.ts';
import { now } from './reports.ts';

export interface Opened {
  readonly page: Page;
  /** Dialogs, console messages, errors and requests beside the page itself: must stay empty. */
  readonly traps: readonly string[];
}

export type Open = (report: Report | string, options?: BrowserContextOptions) => Promise<Opened>;

/** One browser for all tests of a file. Fails where there is none: `apt-get install chromium`. */
export function useBrowser(): Open {
  let browser: Browser | undefined;
  beforeAll(async () => {
    browser = await chromium.launch({ executablePath: findChromium(), args: ['--no-sandbox'] });
  });
  afterAll(async () => {
    await browser?.close();
  });
  return async (report, options = {}) => {
    if (!browser) throw new Error('the browser was not started');
    const context = await browser.newContext({
      viewport: { width: 1200, height: 900 },
      ...options,
    });
    onTestFinished(() => context.close());
    const page = await context.newPage();
    const file = join(makeTree(), 'report.html');
    writeFileSync(file, typeof report === 'string' ? report : textOf(report));
    const address = pathToFileURL(file).href;
    const traps = trap(page, address);
    await page.goto(address);
    return { page, traps };
  };
}

export function textOf(report: Report): string {
  return html.render(report, plainStyle, { showSecrets: false, now });
}

function trap(page: Page, address: string): string[] {
  const traps: string[] = [];
  page.on('dialog', (dialog) => {
    traps.push(`dialog: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('console', (message) => traps.push(`console: ${message.text()}`));
  page.on('pageerror', (error) => traps.push(`error: ${error.message}`));
  page.on('popup', () => traps.push('popup'));
  page.on('request', (request) => {
    if (request.url() !== address) traps.push(`request: ${request.url()}`);
  });
  return traps;
}

function findChromium(): string {
  const known = [
    process.env['CHROMIUM'] ?? '',
    '/usr/bin/chromium',
    '/usr/bin/chromium-browser',
    '/usr/bin/google-chrome',
  ];
  const found = known.find((path) => path !== '' && existsSync(path));
  if (found === undefined)
    throw new Error('no Chromium: apt-get install chromium, or name one in CHROMIUM');
  return found;
}
