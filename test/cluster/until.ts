// Waits for what another process brings about.

const WAIT_SECONDS = 30;
const POLL_SECONDS = 0.05;

/** Resolves when the condition holds; fails after half a minute with what it waited for. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>): Promise<void> {
  const giveUpAt = performance.now() + WAIT_SECONDS * 1000;
  while (!(await isSo())) {
    if (performance.now() > giveUpAt) throw new Error(`not within ${WAIT_SECONDS} s: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, POLL_SECONDS * 1000));
  }
}
