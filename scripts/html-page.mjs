/** src/reporters/html/page/ → the text of the HTML report's one script and one style. */
import { build } from 'esbuild';
import { join } from 'node:path';

const folder = join(import.meta.dirname, '../src/reporters/html/page');

/** Both are ASCII, so that their hashes do not depend on how a file is read. */
export async function htmlPage() {
  const { outputFiles } = await build({
    entryPoints: { script: join(folder, 'main.ts'), style: join(folder, 'page.css') },
    outdir: '.',
    bundle: true,
    write: false,
    minify: true,
    charset: 'ascii',
    format: 'iife',
    target: ['chrome109', 'firefox115', 'safari16.4'],
    legalComments: 'none',
    logLevel: 'warning',
  });
  const textOf = (ending) => outputFiles.find(({ path }) => path.endsWith(ending)).text.trim();
  return { script: textOf('.js'), style: textOf('.css') };
}

/** What source files call them; see src/reporters/html/page-text.ts. */
export async function htmlPageDefines() {
  const { script, style } = await htmlPage();
  return { $pageScript: JSON.stringify(script), $pageStyle: JSON.stringify(style) };
}
