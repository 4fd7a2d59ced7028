// How long the main loop was kept from running: a 1 ms timer that notes by how much it came late.

export interface Stalls {
  readonly p99Milliseconds: number;
  readonly worstMilliseconds: number;
}

/** Runs `work` and watches this thread's loop meanwhile. */
export async function watchStalls(work: () => Promise<unknown>): Promise<Stalls> {
  const late: number[] = [];
  let last = performance.now();
  const timer = setInterval(() => {
    const now = performance.now();
    late.push(Math.max(0, now - last - 1));
    last = now;
  }, 1);
  try {
    await work();
  } finally {
    clearInterval(timer);
  }
  late.sort((left, right) => left - right);
  return { p99Milliseconds: late[Math.floor(late.length * 0.99)] ?? 0, worstMilliseconds: late.at(-1) ?? 0 };
}
