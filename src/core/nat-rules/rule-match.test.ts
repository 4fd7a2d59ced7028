import { describe, expect, it } from 'vitest';
import { addOther, addPorts, addProtocols, addText, addUnknown, matchAll, narrow, toNatMatch } from './rule-match.ts';
import type { RuleMatch } from './rule-match.ts';

function match(...changes: ((draft: RuleMatch) => void)[]): RuleMatch {
  const draft = matchAll();
  for (const change of changes) change(draft);
  return draft;
}

describe('narrow', () => {
  it('joins what a jump and a rule test', () => {
    const guard = match((draft) => addProtocols(draft, [6, 17]));
    const rule = match(
      (draft) => addProtocols(draft, [17]),
      (draft) => addText(draft, 'source', '10.0.0.0/8'),
    );
    expect(toNatMatch(narrow(guard, rule), 17)).toEqual({ protocol: 17, source: '10.0.0.0/8', other: [] });
  });

  it('knows that two protocols exclude each other', () => {
    const guard = match((draft) => addProtocols(draft, [6]));
    expect(
      narrow(
        guard,
        match((draft) => addProtocols(draft, [17])),
      ).impossible,
    ).toBe(true);
  });

  it('intersects ports', () => {
    const guard = match((draft) => addPorts(draft, [{ first: 80, last: 90 }]));
    const rule = match((draft) => addPorts(draft, [{ first: 85, last: 100 }]));
    expect(narrow(guard, rule).destinationPorts).toEqual([{ first: 85, last: 90 }]);
    expect(
      narrow(
        guard,
        match((draft) => addPorts(draft, [{ first: 1, last: 2 }])),
      ).impossible,
    ).toBe(true);
  });

  it('names a second test of a field, and keeps the plain one', () => {
    const guard = match((draft) => addText(draft, 'destination', '!127.0.0.0/8'));
    const both = narrow(
      guard,
      match((draft) => addText(draft, 'destination', '192.0.2.1/32')),
    );
    expect(both).toMatchObject({ destination: '192.0.2.1/32', other: ['destination !127.0.0.0/8'] });
  });

  it('leaves both of its arguments alone', () => {
    const guard = match((draft) => addOther(draft, 'physdev'));
    const rule = match((draft) => addUnknown(draft, 'u32'));
    expect(narrow(guard, rule)).toMatchObject({ other: ['physdev', 'u32'], unknown: ['u32'] });
    expect(guard).toMatchObject({ other: ['physdev'], unknown: [] });
    expect(rule).toMatchObject({ other: ['u32'], unknown: ['u32'] });
  });
});
