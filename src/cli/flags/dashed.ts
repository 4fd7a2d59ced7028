// A flag's name as it is typed.

/** `failOn` -> `--fail-on`. */
export function dashed(name: string): string {
  return `--${name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`;
}
