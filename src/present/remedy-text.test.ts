import { describe, expect, it } from 'vitest';
import { remedyLines } from './remedy-text.ts';
import { DEFAULT_STYLE } from './style.ts';

describe('remedyLines', () => {
  const options = { style: { ...DEFAULT_STYLE, width: 40 }, indent: 2 };

  it('wraps advice and leaves the command after it whole', () => {
    const command = `calicoctl patch felixconfiguration default --patch '{"spec":{}}'`;
    expect(remedyLines(`keep connections open; run more pods on more nodes; or: ${command}`, options)).toEqual([
      '  what helps: keep connections open; run',
      '  more pods on more nodes',
      `  or: ${command}`,
    ]);
    expect(remedyLines(command, options)).toEqual([`  what helps: ${command}`]);
    expect(remedyLines(undefined, options)).toEqual([]);
  });
});
