// The README's first command, on the real kernel, with no right that an ordinary user lacks.
import { describe, expect, it } from 'vitest';
import { copyProgram } from './readable-copy.ts';
import { AS_ORDINARY_USER, runPortolan, WITHOUT_CAPABILITIES } from './run-portolan.ts';

/** Columns of the summary row that starts with this name. */
function summaryRow(output: string, name: string): string[] {
  const line = output.split('\n').findLast((candidate) => candidate.trim().startsWith(name)) ?? '';
  return line.trim().slice(name.length).trim().split(/ {2,}/);
}

describe('portolan demo', () => {
  it('exhausts, diagnoses, widens and verifies as an ordinary user', () => {
    const copy = copyProgram();
    const { status, stdout, stderr } = runPortolan(['demo'], AS_ORDINARY_USER, copy.program);
    copy.remove();
    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('EXHAUSTED');
    expect(summaryRow(stdout, 'range')).toEqual(['32768-65535', '1025-65535', '1025-65535']);
    expect(summaryRow(stdout, 'verdict')).toEqual(['exhausted', expect.any(String), 'fine']);
    const [before, , ended] = summaryRow(stdout, 'connects at once').map((cell) => Number(cell.split(' ')[0]));
    expect(before).toBeLessThan(60);
    expect(ended).toBe(60);
    expect(summaryRow(stdout, 'connects lost').slice(1)).toEqual(['0', '0']);
    expect(stdout).toMatch(/new flows, all inside the range/);
  });

  it('says in one line why it cannot, where namespaces are refused, and exits 3', () => {
    const refuse = 'echo 0 > /proc/sys/user/max_user_namespaces; exec "$@"';
    const wrapper = ['unshare', '--user', '--map-root-user', '--', 'sh', '-c', refuse, 'sh', ...WITHOUT_CAPABILITIES];
    const { status, stdout, stderr } = runPortolan(['demo'], wrapper);
    expect(status).toBe(3);
    expect(stdout).toBe('');
    expect(stderr).toMatch(
      /^Cannot make namespaces: .*max_user_namespaces is 0.*wanted user namespaces or root with CAP_SYS_ADMIN\nhint: .*sysctl.*\n$/,
    );
  });
});
