// Which CPUs a thread may use, from the kernel's own text.
import { describe, expect, it } from 'vitest';
import { allowedCpus } from './pin-thread.ts';

describe('allowedCpus', () => {
  it.each([
    ['Name:\tnode\nCpus_allowed_list:\t0-1\nMems_allowed:\t1\n', [0, 1]],
    ['Cpus_allowed_list:\t3\n', [3]],
    ['Cpus_allowed_list:\t0,2-4,9\n', [0, 2, 3, 4, 9]],
    ['Name:\tnode\n', []],
  ])('reads %j', (status, cpus) => {
    expect(allowedCpus(status)).toEqual(cpus);
  });
});
