/**
 * Text that looks like source code of several languages, from a seed. Words that anchors are made of
 * (token, key, api, …) stand in it as often as in real code: a text without them flatters a filter.
 */

/** Kinds of files: how they are named, and what their lines look like. See `fillers` for the braces. */
const languages = {
  ts: [
    'import { {name}, {name} } from "./{snake}/{word}.js";',
    'export async function {name}({name}: {Type}, {name}?: {Type}): Promise<{Type}> {',
    '  const {name} = await {name}.{word}({name}, { {name}: {number} });',
    '  if (!{name} || {name}.length > {number}) throw new {Type}Error(`{words} ${{name}}`);',
    '  for (const {name} of {name}.{word}s()) {name}.push({name}[{number}] ?? {number});',
    '    return {name}.map(({word}) => ({ ...{word}, {name}: {word}.{name} }));',
    '  // {Words}, {words}',
    '  it("{words}", () => expect({name}({number})).toBe({number}));',
    '}',
    '',
    '  private readonly {name} = new Map<string, {Type}>();',
    '  const {name} = process.env.{UPPER} ?? "";',
    '/** {Words}. {Words}, or {words}. */',
  ],
  py: [
    'from {word}.{snake} import {Type}, {snake}',
    'class {Type}({Type}):',
    '    def {snake}(self, {snake}: str, {snake}: int = {number}) -> {Type}:',
    '        """{Words}.',
    '',
    '        :param {snake}: {words}',
    '        self.{snake} = {snake}.get("{snake}", {number})',
    '        if not {snake} and {snake}.{word} is None:',
    '            raise {Type}Error(f"{words}: {{snake}}")',
    '        return [{word}.{snake} for {word} in self.{snake} if {word}]',
    '    {snake} = os.environ["{UPPER}"]',
    '        # {words} ({word})',
    '    assert test_{snake}({number}) == {number}',
  ],
  go: [
    'package {word}',
    'func ({word} *{Type}) {Type}(ctx context.Context, {name} string) (*{Type}, error) {',
    '\tif err := {word}.{Type}({name}, {number}); err != nil {',
    '\t\treturn nil, fmt.Errorf("{words}: %w", err)',
    '\t{name} := make(map[string]{Type}, {number})',
    '\tfor _, {word} := range {name}.{Type} {',
    '\t// {Type} {words}.',
    '\t{Type} {Type} `json:"{snake},omitempty"`',
    '\t}',
    '}',
    '',
    '\t{name} := os.Getenv("{UPPER}")',
  ],
  java: [
    'package org.{word}.{word}.{word};',
    'import org.{word}.{word}.{Type};',
    '    private static final {Type} {UPPER} = {Type}.of("{snake}", {number});',
    '    public {Type} get{Type}({Type} {name}, final int {name}) throws {Type}Exception {',
    '        return {name}.stream().filter({word} -> {word}.is{Type}()).findFirst().orElse(null);',
    '        LOGGER.debug("{words}: {}", {name}.get{Type}());',
    '     * {Words}. {Words}.',
    '     * @param {name} {words}',
    '    @Override',
    '    }',
    '',
  ],
  c: [
    '#include <{word}/{snake}.h>',
    'static int {snake}(struct {snake} *{word}, const char *{snake}, size_t len)',
    '\tstruct {snake} *{word} = container_of({word}, struct {snake}, {word});',
    '\tif ({snake}({word}->{snake}, 0x{hex}) < 0)',
    '\t\tgoto err_{word};',
    '\tmemcpy({word}->{snake}, {snake}, sizeof({word}->{snake}));',
    '#define {UPPER} 0x{hex}00',
    '/* {Words}: {words}. */',
    '\treturn {number};',
    '}',
    '',
  ],
  css: [
    '.{word}-{word}:hover, #{word} .{word} {',
    '  padding: {number}px 0 {number}px;',
    '  background: #{hex} url({word}.svg);',
    '  margin-{word}: -{number}px;',
    '  @include {word}-{word}(@{word}, {number}%);',
    '}',
    '',
  ],
  yaml: [
    '{snake}:',
    '  - name: {words}',
    '    {word}: "{word}/{word}:{number}.{number}.0"',
    '    {snake}: ${{UPPER}}',
    '      run: curl -sSf {url} | {word} --{word} {number}',
    '    # {Words}',
    '  {name}: {number}',
  ],
  json: [
    '  "{name}": {',
    '    "{word}": "{words}",',
    '    "{snake}": {number},',
    '    "{word}": ["{word}", "{word}-{word}", "^{number}.{number}.{number}"],',
    '    "url": "{url}"',
    '  },',
  ],
  md: [
    '## {Words}',
    '',
    '{Words} {words}, {words} `{name}` {words}. {Words} {words}; {words}.',
    '- [{words}]({url}): {words} ({words})',
    '    $ {word} --{word}={word} {word}.{word}',
    '{Words} {words} {words} {words}.',
  ],
  sql: [
    'SELECT {snake}, {snake} FROM {snake} WHERE {snake} = {number} AND {snake} IS NOT NULL;',
    "INSERT INTO {snake} ({snake}, {snake}) VALUES ({number}, '{words}');",
    'CREATE INDEX {snake} ON {snake} ({snake});',
    '-- {words}',
  ],
};

export const extensions = Object.keys(languages);

const fillers = {
  word: (next) => word(next),
  words: (next) => sentence(next),
  Words: (next) => capital(sentence(next)),
  name: (next) => identifier(next, capital, ''),
  Type: (next) => capital(identifier(next, capital, '')),
  snake: (next) => identifier(next, (text) => text, '_'),
  UPPER: (next) => identifier(next, (text) => text, '_').toUpperCase(),
  number: (next) => String(next(11) === 0 ? next(60) * 100 : next(next(3) === 0 ? 3_000 : 20)),
  hex: (next) => next(0x1000000).toString(16),
  url: (next) => `https://${word(next)}.example/${word(next)}/${word(next)}`,
};

/** `lines` lines of one kind of file. */
export function codeLines(next, extension, lines) {
  return Array.from({ length: lines }, () => codeLine(next, extension));
}

/** A line of one kind of file. */
export function codeLine(next, extension) {
  const forms = compiled[extension];
  let line = '';
  for (const part of forms[next(forms.length)])
    line += typeof part === 'string' ? part : part(next);
  return line;
}

/** Some words, as in a comment or a log. */
export function sentence(next) {
  const count = 2 + next(7);
  let text = word(next);
  for (let at = 1; at < count; at += 1) text += ` ${word(next)}`;
  return text;
}

/** How often, in a hundred thousand words. Together with what ordinary words hold: see test/bench. */
const anchorWords = {
  key: 260,
  api: 190,
  token: 150,
  secret: 90,
  password: 90,
  auth: 190,
  access: 90,
  credential: 25,
  creds: 10,
  github: 480,
  less: 390,
  curl: 40,
  http: 40,
  private: 60,
  aws: 30,
  client: 120,
  apiKey: 40,
  access_key: 20,
  slack: 15,
  stripe: 15,
  bearer: 15,
};

const common =
  'const return import export function value error index length string number await result request options config handler server render update path file read write open close buffer stream event listener promise resolve module test expect describe class extends public static async default type interface object array list node parent child name id data state context query table column row schema model field user group role session cache store load save parse format build run start stop init create delete remove add get set find filter map reduce sort merge split join append insert select where from order limit offset page size count total sum first last next prev before after old new current target source input output message text line block code comment label title header footer body content link image color width height style layout more pattern they obey dog disk skip'.split(
    ' ',
  );

const syllables =
  'ra ne to li ca mo du se vi po ler min ton ser ver con tra per ste gra fol dex bin tor mal nor rel sub pre pro res tin gal var lum den fic'.split(
    ' ',
  );

/** Common words and made-up ones; the earlier, the more often. */
const vocabulary = [...common, ...madeUp(2_500)].flatMap((one) => [one, one, one, `${one}s`]);

const total = 100_000;
/** For every number below `total`, the anchor word that it draws, if it draws one. */
const drawn = Object.entries(anchorWords).flatMap(([text, share]) => Array(share).fill(text));

const compiled = Object.fromEntries(
  Object.entries(languages).map(([extension, forms]) => [extension, forms.map(compile)]),
);

/** `a {word} b` → texts, and the fillers between them. */
function compile(form) {
  return form
    .split(/(\{[A-Za-z]+\})/)
    .map((part) => (/^\{[A-Za-z]+\}$/.test(part) ? (fillers[part.slice(1, -1)] ?? part) : part));
}

function word(next) {
  const draw = next(total);
  if (draw < drawn.length) return drawn[draw];
  // Twice at random: words at the front stand oftener, as in any language.
  return vocabulary[next(1 + next(vocabulary.length))];
}

function identifier(next, later, between) {
  let text = word(next);
  for (let more = next(3); more > 0; more -= 1) text += between + later(word(next));
  return text;
}

function capital(text) {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function madeUp(count) {
  const words = [];
  for (let at = 0; at < count; at += 1) {
    const first = syllables[at % syllables.length];
    const second = syllables[Math.floor(at / syllables.length) % syllables.length];
    const third = at % 3 === 0 ? syllables[(at * 7) % syllables.length] : '';
    words.push(first + second + third);
  }
  return words;
}
