// The words of one line as iptables-save writes it (xtables_save_string: quotes and backslashes), and their grouping.

export interface SaveWord {
  readonly text: string;
  /** A quoted word is never a flag. */
  readonly quoted: boolean;
}

/** `[!] --flag value...`. */
export interface SaveOption {
  readonly flag: string;
  readonly negated: boolean;
  readonly values: readonly string[];
}

/** `-m name` with the options behind it. */
export interface SaveModule {
  readonly name: string;
  readonly options: readonly SaveOption[];
}

export interface SaveRule {
  /** What stands before the first `-m`. */
  readonly header: readonly SaveOption[];
  readonly modules: readonly SaveModule[];
  /** Undefined: the rule only counts. */
  readonly target: (SaveModule & { readonly isGoto: boolean }) | undefined;
}

const WORD = /"((?:[^"\\]|\\.)*)"|(\S+)/g;

/** Cuts a line into words; a quoted word loses its quotes and escapes. */
export function saveWords(line: string): SaveWord[] {
  return Array.from(line.matchAll(WORD), ([, quoted, plain]) =>
    quoted === undefined
      ? { text: plain ?? '', quoted: false }
      : { text: quoted.replaceAll(/\\(.)/g, '$1'), quoted: true },
  );
}

/** Groups the words behind `-A CHAIN`. */
export function groupWords(words: readonly SaveWord[]): SaveRule {
  const header: SaveOption[] = [];
  const modules: SaveModule[] = [];
  let target: SaveRule['target'];
  for (const option of optionsOf(words)) {
    const [name = ''] = option.values;
    if (option.flag === '-m' || option.flag === '--match') modules.push({ name, options: [] });
    else if (JUMPS.has(option.flag))
      target = { name, options: [], isGoto: option.flag !== '-j' && option.flag !== '--jump' };
    else if (target !== undefined) target = { ...target, options: [...target.options, option] };
    else if (HEADER.has(option.flag)) header.push(option);
    else addToLast(modules, option);
  }
  return { header, modules, target };
}

const JUMPS: ReadonlySet<string> = new Set(['-j', '--jump', '-g', '--goto']);
const HEADER: ReadonlySet<string> = new Set(['-s', '-d', '-i', '-o', '-p', '-f', '-c', '-4', '-6']);

function addToLast(modules: SaveModule[], option: SaveOption): void {
  const last = modules.at(-1) ?? { name: '', options: [] };
  modules.splice(-1, 1, { ...last, options: [...last.options, option] });
}

function optionsOf(words: readonly SaveWord[]): SaveOption[] {
  const options: { flag: string; negated: boolean; values: string[] }[] = [];
  let negated = false;
  for (const { text, quoted } of words) {
    if (!quoted && text === '!') {
      negated = true;
    } else if (!quoted && /^-{1,2}[a-z46]/i.test(text)) {
      options.push({ flag: text, negated, values: [] });
      negated = false;
    } else {
      options.at(-1)?.values.push(text);
    }
  }
  return options;
}
