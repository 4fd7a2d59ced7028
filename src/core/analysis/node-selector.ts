// Calico's selector language over labels, as FelixConfiguration's nodeSelector uses it (libcalico-go/lib/selector).
import { type LabelOperator, type SelectorProblem, type SelectorToken, selectorTokens } from './selector-tokens.ts';

export type Labels = Readonly<Record<string, string>>;

/** Whether labels match; or why the text is not understood: nothing is guessed. */
export type ParsedSelector = { readonly ok: true; readonly matches: LabelTest } | SelectorProblem;

type LabelTest = (labels: Labels) => boolean;

/** Reads a selector; an empty one matches everything, as in Calico. */
export function parseNodeSelector(text: string): ParsedSelector {
  const read = selectorTokens(text);
  if (!read.ok) return read;
  if (read.tokens.length === 1) return { ok: true, matches: () => true };
  try {
    const parser = new SelectorParser(read.tokens);
    return { ok: true, matches: parser.whole() };
  } catch (error) {
    if (error instanceof Misplaced) return { ok: false, at: error.token.at, wanted: error.wanted };
    throw error;
  }
}

/** Ends the parse at the token that does not belong there. */
class Misplaced extends Error {
  readonly token: SelectorToken;
  readonly wanted: string;

  constructor(token: SelectorToken, wanted: string) {
    super(wanted);
    this.token = token;
    this.wanted = wanted;
  }
}

const DEEPEST = 200;

/** `||` binds weakest, then `&&`, then `!`. */
class SelectorParser {
  readonly #tokens: readonly SelectorToken[];
  #next = 0;
  #depth = 0;

  constructor(tokens: readonly SelectorToken[]) {
    this.#tokens = tokens;
  }

  whole(): LabelTest {
    const test = this.#any();
    this.#expect('end', 'the end, && or ||');
    return test;
  }

  #any(): LabelTest {
    const tests = [this.#every()];
    while (this.#take('||') !== undefined) tests.push(this.#every());
    return (labels) => tests.some((test) => test(labels));
  }

  #every(): LabelTest {
    const tests = [this.#operation()];
    while (this.#take('&&') !== undefined) tests.push(this.#operation());
    return (labels) => tests.every((test) => test(labels));
  }

  #operation(): LabelTest {
    let isNegated = false;
    while (this.#take('!') !== undefined) isNegated = !isNegated;
    const test = this.#plain();
    return isNegated ? (labels) => !test(labels) : test;
  }

  #plain(): LabelTest {
    const token = this.#advance();
    switch (token.kind) {
      case 'has':
        return (labels) => valueOf(labels, token.text) !== undefined;
      case 'all':
      case 'global':
        return () => true;
      case 'label':
        return this.#comparison(token.text);
      case '(':
        return this.#group(token);
      default:
        throw new Misplaced(token, 'a label, has( ), all( ), ! or (');
    }
  }

  #group(open: SelectorToken): LabelTest {
    this.#depth += 1;
    if (this.#depth > DEEPEST) throw new Misplaced(open, `at most ${DEEPEST} parentheses inside each other`);
    const test = this.#any();
    this.#expect(')', 'a closing )');
    this.#depth -= 1;
    return test;
  }

  #comparison(label: string): LabelTest {
    const operator = this.#advance();
    if (!isOperator(operator.kind)) throw new Misplaced(operator, 'an operator after the label');
    const isSet = operator.kind === 'in' || operator.kind === 'not in';
    const wanted = isSet ? this.#set() : [this.#string()];
    return comparison(operator.kind, { label, wanted });
  }

  #string(): string {
    const token = this.#advance();
    if (token.kind !== 'string') throw new Misplaced(token, 'a text in quotes');
    return token.text;
  }

  /** `{}` and a comma before the brace are fine with Calico. */
  #set(): readonly string[] {
    this.#expect('{', 'a set in braces');
    const values: string[] = [];
    while (this.#peek().kind === 'string') {
      values.push(this.#string());
      if (this.#take(',') === undefined) break;
    }
    this.#expect('}', 'a text in quotes or a closing }');
    return values;
  }

  #peek(): SelectorToken {
    const token = this.#tokens[Math.min(this.#next, this.#tokens.length - 1)];
    if (token === undefined) throw new RangeError('a selector has at least its end');
    return token;
  }

  #advance(): SelectorToken {
    const token = this.#peek();
    this.#next += 1;
    return token;
  }

  #take(kind: SelectorToken['kind']): SelectorToken | undefined {
    return this.#peek().kind === kind ? this.#advance() : undefined;
  }

  #expect(kind: SelectorToken['kind'], wanted: string): void {
    if (this.#take(kind) === undefined) throw new Misplaced(this.#peek(), wanted);
  }
}

const OPERATORS: ReadonlySet<string> = new Set<LabelOperator>([
  '==',
  '!=',
  'in',
  'not in',
  'contains',
  'starts with',
  'ends with',
]);

function isOperator(kind: string): kind is LabelOperator {
  return OPERATORS.has(kind);
}

/** A label that is absent is unequal to everything and in no set (libcalico-go/lib/selector/parser/ast.go). */
function comparison(
  operator: LabelOperator,
  { label, wanted }: { readonly label: string; readonly wanted: readonly string[] },
): LabelTest {
  const test = TESTS[operator];
  const isNegative = operator === '!=' || operator === 'not in';
  return (labels) => {
    const value = valueOf(labels, label);
    return value === undefined ? isNegative : test(value, wanted);
  };
}

const TESTS: Readonly<Record<LabelOperator, (value: string, wanted: readonly string[]) => boolean>> = {
  '==': (value, wanted) => wanted.includes(value),
  '!=': (value, wanted) => !wanted.includes(value),
  in: (value, wanted) => wanted.includes(value),
  'not in': (value, wanted) => !wanted.includes(value),
  contains: (value, wanted) => wanted.every((part) => value.includes(part)),
  'starts with': (value, wanted) => wanted.every((part) => value.startsWith(part)),
  'ends with': (value, wanted) => wanted.every((part) => value.endsWith(part)),
};

/** Only own keys: a label may be called `constructor`. */
function valueOf(labels: Labels, label: string): string | undefined {
  return Object.hasOwn(labels, label) ? labels[label] : undefined;
}
