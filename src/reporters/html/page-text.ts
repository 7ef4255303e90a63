/** The page's own script and style, bundled from `page/` by scripts/html-page.mjs and written in by the build. */
declare const $pageScript: string;
declare const $pageStyle: string;

export const pageScript: string = $pageScript;
export const pageStyle: string = $pageStyle;
